/** What both servers are asked, word for word. */

export const LIST_QUERY = `query Units($source: ID!) {
  orgUnits(dataSource: $source, first: 50) {
    nodes { id name reference parent { id name } groups { id name } }
  }
}`;

export const FEDERATED_QUERY = `query Units($source: ID!, $form: ID!) {
  orgUnits(dataSource: $source, first: 50) {
    nodes { id name submissionCount(formId: $form) }
  }
}`;
