-- What a person says about themselves beside their name.

ALTER TABLE identity."user"
  ADD COLUMN organization text NOT NULL DEFAULT '',
  ADD COLUMN phone        text,
  ADD COLUMN home_page    text,
  ADD CONSTRAINT user_organization_length CHECK (length(organization) <= 200),
  ADD CONSTRAINT user_phone_form CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
  ADD CONSTRAINT user_home_page_length CHECK (length(home_page) BETWEEN 1 AND 2000);
COMMENT ON COLUMN identity."user".phone IS 'E.164: a plus sign, the country code, the number; digits only.';
COMMENT ON COLUMN identity."user".home_page IS 'An http or https address.';
