/**
 * Why something sent as XML cannot be taken. The reason is for programs and is kept with the quarantined input;
 * the message is for the person who has to put it right.
 */
export type DefectReason =
  | 'EMPTY'
  | 'NOT_XML'
  | 'WRONG_ENCODING'
  | 'DOCTYPE'
  | 'TOO_LARGE'
  | 'TOO_DEEP'
  | 'NOT_AN_XFORM'
  | 'NOT_A_SUBMISSION'
  | 'NO_INSTANCE_ID'
  | 'UNKNOWN_FORM'
  | 'UNKNOWN_VERSION'
  | 'UNKNOWN_UNIT'
  | 'EDIT_OF_SUBMISSION'
  | 'ENCRYPTED'
  | 'OTHER_CONTENT'
  | 'OTHER_ATTACHMENT';

export class XmlDefect extends Error {
  constructor(
    readonly reason: DefectReason,
    message: string,
  ) {
    super(message);
    this.name = 'XmlDefect';
  }
}
