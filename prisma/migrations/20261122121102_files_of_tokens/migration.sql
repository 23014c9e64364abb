-- A token that belongs to nobody, or that reaches less than its member, sees the files that came by it alone.
ALTER TABLE platform.file ADD COLUMN created_by_token uuid;
COMMENT ON COLUMN platform.file.created_by_token IS 'The API token by which it came or was asked for; NULL where somebody was signed in.';
