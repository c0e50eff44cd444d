import { App } from './app/app.tsx';

/** The application. */
export function Root() {
  return <App />;
}
