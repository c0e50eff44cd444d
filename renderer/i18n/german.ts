import activity from './de/activity.json';
import app from './de/app.json';
import backups from './de/backups.json';
import configure from './de/configure.json';
import domain from './de/domain.json';
import gallery from './de/gallery.json';
import gates from './de/gates.json';
import help from './de/help.json';
import logs from './de/logs.json';
import meter from './de/meter.json';
import meters from './de/meters.json';
import passwords from './de/passwords.json';
import problems from './de/problems.json';
import rules from './de/rules.json';
import settings from './de/settings.json';
import ui from './de/ui.json';
import upgrade from './de/upgrade.json';
import waveforms from './de/waveforms.json';

/** Loaded only where German is chosen. */
export const german = {
  activity,
  app,
  backups,
  configure,
  domain,
  gallery,
  gates,
  help,
  logs,
  meter,
  meters,
  passwords,
  problems,
  rules,
  settings,
  ui,
  upgrade,
  waveforms,
};
