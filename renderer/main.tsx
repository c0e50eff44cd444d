import './no-eval.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { connectToEngine } from './engine/connection.ts';
import { Root } from './root.tsx';

const place = document.getElementById('root');
if (place === null) throw new Error('The page has no place for the application.');
connectToEngine(window.meterwright.shell);
createRoot(place).render(
  <StrictMode>
    <Root />
  </StrictMode>,
);
