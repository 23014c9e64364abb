-- Webhooks of a project or a part of the tree, and what looking after them asks of their deliveries.

ALTER TABLE identity.webhook
  ADD COLUMN subtree uuid,
  ADD COLUMN project_id uuid,
  ADD CONSTRAINT webhook_project_fkey FOREIGN KEY (account_id, project_id)
    REFERENCES identity.project (account_id, id);
CREATE INDEX webhook_project_idx ON identity.webhook (account_id, project_id);
COMMENT ON COLUMN identity.webhook.subtree IS 'Only of this org unit and those below it. It exists when it is chosen.';

CREATE INDEX webhook_delivery_parked_idx ON identity.webhook_delivery (account_id, id) WHERE status = 'PARKED';
CREATE INDEX webhook_delivery_finished_idx ON identity.webhook_delivery (finished_at) WHERE finished_at IS NOT NULL;
