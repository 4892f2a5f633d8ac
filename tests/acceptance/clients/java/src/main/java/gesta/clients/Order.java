package gesta.clients;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import jakarta.xml.bind.annotation.XmlRootElement;
import java.util.List;

/** A class of the worker's own, for objects that travel as JSON or XML. */
@XmlRootElement
@JsonPropertyOrder({"customer", "pieces", "notes"})
public class Order {

  public String customer;
  public int pieces;
  public List<String> notes;
}
