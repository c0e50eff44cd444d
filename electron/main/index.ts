import { app, crashReporter, Menu, protocol } from 'electron';
import { type Answer, openFirst } from './first.ts';
import { APP_SCHEME } from './guards/app-protocol.ts';

/** Half of what V8 may take for new objects anyway, from the start. */
const SEMI_SPACE_MB = 8;

// Chromium runs as root only with --no-sandbox, which tests in containers need; each window asks for its sandbox all the same.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
// The page makes many small objects when it starts and when a long list is scrolled; with room for them they are not collected in the middle of a frame.
app.commandLine.appendSwitch('js-flags', `--min-semi-space-size=${SEMI_SPACE_MB}`);
crashReporter.start({ uploadToServer: false });
protocol.registerSchemesAsPrivileged([
  // With the compiled code of the page kept, later starts need not compile it again. Electron 25 does not know that and passes over it.
  { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
]);
// Another window would be another owner of the same meters: the first one comes to the front instead.
if (app.requestSingleInstanceLock()) begin();
else app.exit(0);

/**
 * What Electron does until it is ready waits for this script, so it brings as little as it can: the window is made first, and what belongs to it is read
 * while the page's process comes up.
 */
function begin(): void {
  // Without this Electron makes a menu of its own first.
  Menu.setApplicationMenu(null);
  start().catch((thrown: unknown) => {
    process.stderr.write(`The shell did not start: ${thrown instanceof Error ? thrown.stack : String(thrown)}\n`);
    app.exit(1);
  });
}

async function start(): Promise<void> {
  await app.whenReady();
  let hand = (_answer: Answer): void => undefined;
  const first = openFirst(
    new Promise<Answer>((resolve) => {
      hand = resolve;
    }),
  );
  const { open } = await import('./opening.ts');
  const opening = open(first);
  hand(opening.answer);
  // Everything that is not needed for what a person sees first would only hold it up.
  await opening.painted;
  // Closed already: nothing was begun, and the application ends with its last window.
  if (opening.window.isDestroyed()) return;
  const { run } = await import('./shell.ts');
  run(opening);
}
