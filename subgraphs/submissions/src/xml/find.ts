/** Small questions to an element tree, asked by the readers of forms and of submissions alike. */
import type { XmlElement } from './read';

export function childNamed(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

/** The first element of that name anywhere below, in document order. */
export function descendantNamed(element: XmlElement, name: string): XmlElement | undefined {
  for (const child of element.children) {
    if (child.name === name) return child;
    const found = descendantNamed(child, name);
    if (found) return found;
  }
  return undefined;
}

/** Every element of that name below, in document order. */
export function* descendantsNamed(element: XmlElement, name: string): Generator<XmlElement> {
  for (const child of element.children) {
    if (child.name === name) yield child;
    yield* descendantsNamed(child, name);
  }
}

/** The text of an element without the white space around it; undefined when nothing is left. */
export function trimmedText(element: XmlElement | undefined): string | undefined {
  return element?.text.trim() || undefined;
}
