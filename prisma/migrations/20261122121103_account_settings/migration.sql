-- What an account says of itself beside its name: languages, words of its own for labels, and how it looks.
ALTER TABLE identity.account
  ADD COLUMN languages      text[] NOT NULL DEFAULT '{en,fr,pt}',
  ADD COLUMN labels         jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN theme          jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN logo_file_id   uuid,
  ADD CONSTRAINT account_languages CHECK (cardinality(languages) >= 1 AND languages <@ '{en,fr,pt}'::text[]),
  ADD CONSTRAINT account_language_offered CHECK (language = ANY (languages)),
  ADD CONSTRAINT account_labels_object CHECK (jsonb_typeof(labels) = 'object'),
  ADD CONSTRAINT account_theme_object CHECK (jsonb_typeof(theme) = 'object');
COMMENT ON COLUMN identity.account.languages IS 'The languages that people of the account may choose.';
COMMENT ON COLUMN identity.account.labels IS 'Words of the account for labels of the dashboard: by language, an object of label and text.';
COMMENT ON COLUMN identity.account.theme IS 'title, primaryColour, secondaryColour; each may be absent.';
COMMENT ON COLUMN identity.account.logo_file_id IS 'The file of its logo.';
