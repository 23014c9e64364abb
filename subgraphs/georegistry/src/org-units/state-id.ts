/** The opaque id of a state: which unit, in which version. */

const bytesOf = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');

export function stateId(unitId: string, versionId: string): string {
  return Buffer.concat([bytesOf(unitId), bytesOf(versionId)]).toString('base64url');
}
