"""`--var`: what people write, as the REST API takes it."""

from __future__ import annotations

from typing import Any

import pytest

from api.cli.refusal import CommandRefused
from api.cli.variables import TYPES, read_variable, read_variables
from api.rest.variables import read_variable as read_by_server
from domain.values import Value


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("5", "Integer", 5),
        ("-2147483648", "Integer", -(2**31)),
        ("2147483648", "Long", 2**31),
        ("-9223372036854775808", "Long", -(2**63)),
        ("1.5", "Double", 1.5),
        ("1.0", "Double", 1.0),
        ("1e3", "Double", 1000.0),
        ("true", "Boolean", True),
        ("false", "Boolean", False),
        ("null", "Null", None),
        ('{"a": [1, "x"]}', "Json", '{"a": [1, "x"]}'),
        ("[]", "Json", "[]"),
        ("", "String", ""),
        ("hello world", "String", "hello world"),
        ('"5"', "String", '"5"'),
        ("a=b", "String", "a=b"),
        ("True", "String", "True"),
        ("NaN", "String", "NaN"),
        ("-Infinity", "String", "-Infinity"),
        ("05", "String", "05"),
        ("{broken", "String", "{broken"),
        ("[" * 100_000, "String", "[" * 100_000),
    ],
)
def test_a_value_without_a_type_is_what_it_is_in_json(text: str, kind: str, value: Any) -> None:
    name, variable = read_variable(f"x={text}")

    assert (name, variable) == ("x", {"value": value, "type": kind})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("x:String=5", Value("String", "5")),
        ("x:string=true", Value("String", "true")),
        ("x:Long=5", Value("Long", 5)),
        ("x:Short=5", Value("Short", 5)),
        ("x:Integer=", Value("Integer", None)),
        ("x:Double=5", Value("Double", 5.0)),
        ("x:Boolean=true", Value("Boolean", True)),
        ("x:Date=1970-01-01T00:00:01.500+0000", Value("Date", 1500)),
        ("x:Bytes=YWI=", Value("Bytes", b"ab")),
        ("x:Json=5", Value("Json", "5")),
        ("x:Xml=<a b='c'/>", Value("Xml", "<a b='c'/>")),
        ("x:Null=", Value("Null")),
        ("x:null=null", Value("Null")),
        ("x=null", Value("Null")),
        ("x=[1]", Value("Json", "[1]")),
    ],
)
def test_the_server_reads_what_was_meant(text: str, value: Value) -> None:
    name, variable = read_variable(text)

    assert read_by_server(name, variable) == value


def test_a_name_may_have_a_colon_when_the_type_is_said() -> None:
    assert read_variable("a:b:Integer=1") == ("a:b", {"value": "1", "type": "Integer"})


@pytest.mark.parametrize("text", ["", "x", "=5", ":String=5", "x:String"])
def test_what_is_no_variable_is_refused(text: str) -> None:
    with pytest.raises(CommandRefused) as refused:
        read_variable(text)

    assert str(refused.value) == f"--var {text}: a variable is name=value, or name:Type=value"


@pytest.mark.parametrize("kind", ["Text", "Object", ""])
def test_an_unknown_type_is_refused_with_those_that_there_are(kind: str) -> None:
    with pytest.raises(CommandRefused) as refused:
        read_variable(f"x:{kind}=1")

    assert str(refused.value) == f"--var x:{kind}=1: '{kind}' is no type; allowed are {', '.join(TYPES)}"


@pytest.mark.parametrize(("number", "kind"), [("9223372036854775808", "Long"), ("-1e999", "Double")])
def test_a_number_that_fits_nowhere_is_refused(number: str, kind: str) -> None:
    with pytest.raises(CommandRefused, match=rf"the number does not fit into a {kind} \(64 bits\); name:String=… keeps it as text"):
        read_variable(f"x={number}")


def test_variables_stand_under_their_names() -> None:
    assert read_variables(["a=1", "b=x"]) == {"a": {"value": 1, "type": "Integer"}, "b": {"value": "x", "type": "String"}}


def test_a_name_has_one_value() -> None:
    with pytest.raises(CommandRefused, match="--var a:String=2: the variable 'a' is given twice"):
        read_variables(["a=1", "a:String=2"])
