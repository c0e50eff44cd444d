import { useEffect, useState } from 'react';
import { engine } from './engine/client.ts';

/** The frame of the application. */
export function Root() {
  const [version, setVersion] = useState<string>();
  useEffect(() => {
    void engine.system.about().then((about) => {
      setVersion(about.version);
      document.documentElement.dataset['appState'] = 'loaded';
    });
  }, []);
  return <main>Meterwright {version}</main>;
}
