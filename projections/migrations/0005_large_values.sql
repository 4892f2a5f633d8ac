-- Values that are long when they are encoded stand in `blob` under the hash of their encoding; rows have that hash instead of the payload.

ALTER TABLE variable ALTER payload DROP NOT NULL, ADD large bytea;
ALTER TABLE history_variable_instance ADD large bytea;
