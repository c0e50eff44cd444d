import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { problem, reasonOf } from '../shared/domain/problem.ts';
import { type Answer, badBody, type ControlledMeter, createRoutes, HELP, refused } from './control-routes.ts';

const MAX_BODY = 64 * 1024;
const HOST = '127.0.0.1';
const CAP_MS = 10_000;

/**
 * The control address of a simulated meter: HTTP on loopback, JSON in and out, for tests and for practice. Requests that a web page could send (a
 * foreign Host, any Origin) are refused. It stays up when the meter has no power.
 */
export function createControl(meter: ControlledMeter): Server {
  const routes = createRoutes(meter);

  async function handle(request: IncomingMessage): Promise<Answer> {
    const { method, headers } = request;
    const host = headers.host?.replace(/:\d+$/, '');
    if ((host !== HOST && host !== 'localhost') || headers.origin !== undefined) {
      return refused(403, 'The control address takes requests for 127.0.0.1 that come from no web page.');
    }
    const path = request.url?.split('?', 1)[0] ?? '';
    if (method === 'GET' && path === '/') return { status: 200, body: HELP };
    if (method === 'GET' && path === '/state') return { status: 200, body: await meter.state() };
    const route = routes.get(path);
    if (route === undefined) return refused(404, `There is no ${path}.`);
    if (method !== 'POST') return refused(405, `${path} takes POST.`);
    const body = await readBody(request);
    if (body === undefined) return badBody(`A body has at most ${MAX_BODY} bytes.`);
    const json = parseJson(body);
    return json === undefined ? badBody('The body is not JSON.') : route(json);
  }

  const server = createServer((request, response) => {
    handle(request)
      .catch((thrown: unknown) => failedAnswer(thrown))
      .then((answer) => send(response, answer))
      .catch(() => response.destroy());
  });
  server.requestTimeout = CAP_MS;
  server.headersTimeout = CAP_MS;
  return server;
}

/** Opens the control address; returns its port. Rejects when the port is taken. */
export function openControl(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: HOST, port }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

/** Ends every request and closes the address. */
export function closeControl(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** The body as text; undefined when it is too long. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BODY) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** No body stands for no fields. */
function parseJson(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Not JSON: the caller answers so.
  }
}

function failedAnswer(thrown: unknown): Answer {
  return {
    status: 500,
    body: {
      problem: problem({
        code: 'simulator/failed',
        title: 'The simulated meter failed',
        because: reasonOf(thrown),
        nextStep: 'Check the disk that holds its state folder.',
      }),
    },
  };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const isText = typeof body === 'string';
  const text = isText ? body : `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
    'content-length': Buffer.byteLength(text),
    // What is left of a body that was too long is not read.
    connection: 'close',
  });
  response.end(text);
}
