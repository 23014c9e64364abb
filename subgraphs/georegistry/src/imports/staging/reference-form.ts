/** Iaso writes its own ids as references in two ways. */
const INTERNAL_REFERENCE = /^iaso[#:](?=\d)/i;

/** `iaso#12` and `iaso:12` are one reference. */
export function oneReferenceForm(reference: string): string {
  return reference.replace(INTERNAL_REFERENCE, 'iaso:');
}
