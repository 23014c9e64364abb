/**
 * `/health` says that the process is alive; `/ready` whether what it needs can be reached, and what cannot.
 * Load balancers and the landing page read them, so they tell states and no reasons: those are in the log.
 */
import type { HttpReply, HttpRequest, Route } from '@iroko/http';
import type { Logger } from '@iroko/telemetry';

export interface ReadinessCheck {
  /** Such as `database`, `queue` or `subgraph identity`. */
  readonly name: string;
  /** Throws when the part cannot be reached. */
  check(): Promise<void>;
}

export interface BuildInfo {
  readonly version: string;
  /** The commit this was built from, or `development`. */
  readonly build: string;
}

/** A part that has not answered by then counts as not reachable: a balancer does not wait longer either. */
const CHECK_WITHIN_MS = 2000;

/** `/ready` is asked often and by anybody: within this time an answer is given again. */
const REMEMBER_MS = 1000;

interface PartState {
  readonly name: string;
  readonly ok: boolean;
  readonly milliseconds: number;
}

export function healthRoutes(build: BuildInfo, checks: readonly ReadinessCheck[], log: Logger): Route[] {
  const ready = remembered(() => Promise.all(checks.map((each) => stateOf(each, log))));
  const health = async (): Promise<HttpReply> => answer(200, { status: 'alive', ...build });
  const readiness = async (_request: HttpRequest): Promise<HttpReply> => {
    const parts = await ready();
    const missing = parts.filter(({ ok }) => !ok).map(({ name }) => name);
    return missing.length === 0
      ? answer(200, { status: 'ready', ...build, parts })
      : answer(503, { status: 'not ready', missing, ...build, parts });
  };
  const aliveText = 'Whether the process is alive, with version and build.';
  const readyText = 'Whether the parts it needs can be reached; 503 and their names when not.';
  return [
    { method: 'GET', path: '/health', description: aliveText, handler: health },
    { method: 'HEAD', path: '/health', description: aliveText, handler: health },
    { method: 'GET', path: '/ready', description: readyText, handler: readiness },
    { method: 'HEAD', path: '/ready', description: readyText, handler: readiness },
  ];
}

function answer(status: number, json: object): HttpReply {
  return { status, headers: { 'cache-control': 'no-store' }, json };
}

async function stateOf({ name, check }: ReadinessCheck, log: Logger): Promise<PartState> {
  const began = performance.now();
  let ok = true;
  try {
    await within(check(), CHECK_WITHIN_MS);
  } catch (error) {
    ok = false;
    log.warn({ err: error, part: name }, 'a part is not ready');
  }
  return { name, ok, milliseconds: Math.round(performance.now() - began) };
}

function within(work: Promise<void>, milliseconds: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function remembered<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let last: { value: Promise<Value>; until: number } | undefined;
  return () => {
    const now = performance.now();
    if (!last || last.until < now) last = { value: make(), until: now + REMEMBER_MS };
    return last.value;
  };
}
