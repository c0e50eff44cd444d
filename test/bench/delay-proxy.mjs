// Child process of delay-proxy.ts: forwards TCP and delivers every chunk `oneWayMs` after it came, in order and one by one.
import { connect, createServer } from 'node:net';

const targetPort = Number(process.argv[2]);
const oneWayMs = Number(process.argv[3]);

/** Forwards chunks after the delay. Timers have whole milliseconds, so the last part of the wait turns the event loop instead. */
function forward(from, to) {
  const waiting = [];
  let running = false;
  const turn = () => {
    while (waiting.length > 0 && waiting[0].due <= performance.now()) {
      const { chunk } = waiting.shift();
      if (chunk === undefined) to.end();
      else if (!to.destroyed) to.write(chunk);
    }
    if (waiting.length === 0) {
      running = false;
      return;
    }
    const left = waiting[0].due - performance.now();
    if (left > 2) setTimeout(turn, Math.floor(left - 1));
    else setImmediate(turn);
  };
  const put = (chunk) => {
    waiting.push({ chunk, due: performance.now() + oneWayMs });
    if (running) return;
    running = true;
    turn();
  };
  from.on('data', put);
  from.on('end', () => put(undefined));
  from.on('error', () => to.destroy());
  from.on('close', () => put(undefined));
}

const server = createServer({ noDelay: true }, (near) => {
  const far = connect({ host: '127.0.0.1', port: targetPort, noDelay: true });
  forward(near, far);
  forward(far, near);
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit(0));
