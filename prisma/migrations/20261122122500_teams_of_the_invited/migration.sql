-- An invitation says which teams its person comes into. Whoever is no member any more is in no team.

ALTER TABLE identity.invitation
  ADD COLUMN team_ids uuid[] NOT NULL DEFAULT '{}',
  ADD CONSTRAINT invitation_team_ids_count CHECK (cardinality(team_ids) <= 50);
COMMENT ON COLUMN identity.invitation.team_ids IS 'Teams of users that the member comes into, those that are still there then.';

DELETE FROM identity.team_user u
USING identity.membership m
WHERE m.account_id = u.account_id AND m.user_id = u.user_id AND m.ended_at IS NOT NULL;
