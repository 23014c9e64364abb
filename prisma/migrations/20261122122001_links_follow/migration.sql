-- Links follow lineage: when an operation comes into effect, an accepted link of a unit that it ended is ENDED, and the
-- successors are linked in its place. Which operation did it stands in the link.

ALTER TABLE georegistry.link
  DROP CONSTRAINT link_status,
  ADD CONSTRAINT link_status CHECK (status IN ('PROPOSED', 'ACCEPTED', 'REJECTED', 'ENDED')),
  DROP CONSTRAINT link_origin,
  ADD CONSTRAINT link_origin CHECK (origin IN ('SIMILARITY', 'REFERENCE', 'CODE', 'UPLOAD', 'MANUAL', 'LINEAGE')),
  ADD COLUMN lineage_id uuid,
  ADD CONSTRAINT link_lineage FOREIGN KEY (account_id, lineage_id) REFERENCES georegistry.lineage (account_id, id);
CREATE INDEX link_lineage ON georegistry.link (account_id, lineage_id) WHERE lineage_id IS NOT NULL;
COMMENT ON COLUMN georegistry.link.lineage_id IS 'The operation by which the link ended, or came to the successor of a unit.';
