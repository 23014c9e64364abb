-- Whoever deletes themselves is looked for among the invited of every account.

CREATE INDEX invitation_email_key_idx ON identity.invitation (email_key);
