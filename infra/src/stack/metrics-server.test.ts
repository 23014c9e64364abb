import { counter } from '@iroko/telemetry';
import { type MetricsServer, serveMetrics } from './metrics-server';

describe('metrics', () => {
  let server: MetricsServer;
  beforeAll(async () => {
    server = await serveMetrics(0);
  });
  afterAll(() => server.close());

  it('are answered in the format of Prometheus, ours beside those of the process', async () => {
    counter('tests_total', 'Tests that counted themselves.').inc();
    const response = await fetch(`http://127.0.0.1:${server.port}/metrics`);
    const body = await response.text();
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(body).toContain('iroko_tests_total 1');
    expect(body).toContain('iroko_process_resident_memory_bytes');
  });

  it('are all there is on that port', async () => {
    expect((await fetch(`http://127.0.0.1:${server.port}/`)).status).toBe(404);
  });
});
