import deActivity from './de/activity.json';
import deApp from './de/app.json';
import deBackups from './de/backups.json';
import deDomain from './de/domain.json';
import deGallery from './de/gallery.json';
import deHelp from './de/help.json';
import deMeter from './de/meter.json';
import deMeters from './de/meters.json';
import deSettings from './de/settings.json';
import deUi from './de/ui.json';
import deUpgrade from './de/upgrade.json';
import enActivity from './en/activity.json';
import enApp from './en/app.json';
import enBackups from './en/backups.json';
import enDomain from './en/domain.json';
import enGallery from './en/gallery.json';
import enHelp from './en/help.json';
import enMeter from './en/meter.json';
import enMeters from './en/meters.json';
import enSettings from './en/settings.json';
import enUi from './en/ui.json';
import enUpgrade from './en/upgrade.json';

/** Every text of the page, one namespace for each feature. English is complete; a test holds the others to the same keys. */
export const resources = {
  en: {
    activity: enActivity,
    app: enApp,
    backups: enBackups,
    domain: enDomain,
    gallery: enGallery,
    help: enHelp,
    meter: enMeter,
    meters: enMeters,
    settings: enSettings,
    ui: enUi,
    upgrade: enUpgrade,
  },
  de: {
    activity: deActivity,
    app: deApp,
    backups: deBackups,
    domain: deDomain,
    gallery: deGallery,
    help: deHelp,
    meter: deMeter,
    meters: deMeters,
    settings: deSettings,
    ui: deUi,
    upgrade: deUpgrade,
  },
};
