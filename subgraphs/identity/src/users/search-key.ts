/** By what people are searched for: a part of their name, or of where they work, whatever case and accents. */
import { textKey } from '@iroko/text';

export interface SearchedPerson {
  firstName: string;
  lastName: string;
  organization?: string;
}

/** Whoever writes one of these writes this key. */
export const searchKeyOf = ({ firstName, lastName, organization = '' }: SearchedPerson): string =>
  textKey(`${firstName} ${lastName} ${organization}`);
