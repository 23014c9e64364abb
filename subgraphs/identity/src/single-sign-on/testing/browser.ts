/**
 * A browser as far as signing in needs one: it keeps cookies, and follows redirects until they lead to a page that is
 * not of the test.
 */
export interface Seen {
  status: number;
  /** Where it stopped: the first redirect to another host, or the last page. */
  url: URL;
  body: string;
}

const REDIRECTS_MAX = 10;

export class Browser {
  private readonly cookies = new Map<string, Map<string, string>>();
  /** Every address it was sent to. */
  readonly visited: string[] = [];

  /** `stopAt` is told every address before it is asked for, and says whether to stop there. */
  async open(address: string, stopAt: (url: URL) => boolean = () => false): Promise<Seen> {
    let url = new URL(address);
    for (let hops = 0; hops < REDIRECTS_MAX; hops++) {
      this.visited.push(url.href);
      if (url.hostname !== '127.0.0.1' || stopAt(url)) return { status: 0, url, body: '' };
      const response = await fetch(url, { redirect: 'manual', headers: this.header(url) });
      this.keep(url, response.headers.getSetCookie());
      const location = response.headers.get('location');
      if (location === null) return { status: response.status, url, body: await response.text() };
      await response.arrayBuffer();
      url = new URL(location, url);
    }
    throw new Error(`More than ${REDIRECTS_MAX} redirects, last to ${url.href}`);
  }

  /** What it would send to that address. */
  header(url: URL): Record<string, string> {
    const cookies = [...(this.cookies.get(url.host) ?? [])].map(([name, value]) => `${name}=${value}`);
    return cookies.length > 0 ? { cookie: cookies.join('; ') } : {};
  }

  private keep({ host }: URL, set: readonly string[]): void {
    const jar = this.cookies.get(host) ?? new Map<string, string>();
    this.cookies.set(host, jar);
    for (const text of set) {
      const [pair = '', ...attributes] = text.split('; ');
      const name = pair.slice(0, pair.indexOf('='));
      if (attributes.some((attribute) => /^max-age=0$/i.test(attribute))) jar.delete(name);
      else jar.set(name, pair.slice(name.length + 1));
    }
  }
}
