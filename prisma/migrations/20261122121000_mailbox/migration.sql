-- Where mails go while no mail server is set: kept here for whoever looks after the machine, and for nobody else.
-- They hold links that prove things, so they belong to what proves persons: no account, read by identity alone.

CREATE TABLE identity.mailbox_mail (
  id         uuid PRIMARY KEY,
  to_address text NOT NULL,
  subject    text NOT NULL,
  text_body  text NOT NULL,
  html_body  text NOT NULL,
  at         timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX mailbox_mail_at_idx ON identity.mailbox_mail (at, id);
COMMENT ON TABLE identity.mailbox_mail IS 'Mails that no mail server took because none is set. Kept 30 days, 1,000 at most; `npm run iroko -- mail` shows them.';
COMMENT ON COLUMN identity.mailbox_mail.id IS 'The same at every attempt to send the same mail.';
