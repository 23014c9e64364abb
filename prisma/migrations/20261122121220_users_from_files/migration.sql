-- What a file of users says about somebody beside roles and reach waits in the invitation until it is accepted.

ALTER TABLE identity.invitation
  ADD COLUMN permissions  text[] NOT NULL DEFAULT '{}',
  ADD COLUMN dhis2_id     text,
  ADD COLUMN first_name   text NOT NULL DEFAULT '',
  ADD COLUMN last_name    text NOT NULL DEFAULT '',
  ADD COLUMN organization text NOT NULL DEFAULT '',
  ADD COLUMN phone        text,
  ADD CONSTRAINT invitation_dhis2_id_form CHECK (dhis2_id ~ '^[A-Za-z][A-Za-z0-9]{10}$');
COMMENT ON COLUMN identity.invitation.permissions IS 'Given directly, beside those of the roles.';
COMMENT ON COLUMN identity.invitation.dhis2_id IS 'The user at the DHIS2 of the account that the member will be.';
COMMENT ON COLUMN identity.invitation.first_name IS 'As whoever invites calls them; so are last name, organization and phone. A new person starts with it, one who is known keeps their own.';
