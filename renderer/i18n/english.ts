import activity from './en/activity.json';
import app from './en/app.json';
import backups from './en/backups.json';
import configure from './en/configure.json';
import domain from './en/domain.json';
import gallery from './en/gallery.json';
import gates from './en/gates.json';
import help from './en/help.json';
import logs from './en/logs.json';
import meter from './en/meter.json';
import meters from './en/meters.json';
import passwords from './en/passwords.json';
import problems from './en/problems.json';
import rules from './en/rules.json';
import settings from './en/settings.json';
import ui from './en/ui.json';
import upgrade from './en/upgrade.json';
import waveforms from './en/waveforms.json';

/** Every text of the page, one namespace for each feature. English is complete; a test holds the others to the same keys. */
export const english = {
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
