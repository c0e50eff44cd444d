import { useTranslation } from 'react-i18next';
import type { ListedMeter } from '../../../../shared/contract/views.ts';
import { Section } from '../../../ui/page.tsx';
import { AreaPane, type EditorProps } from '../area-pane.tsx';
import classes from '../configure.module.css';
import { RuleSayings } from '../settings/rule-sayings.tsx';
import { setPlan, usePane } from '../store.ts';
import { NewPasswords } from './new-passwords.tsx';
import { PolicyEditor } from './policy-editor.tsx';
import { SealedPasswords } from './sealed-passwords.tsx';
import { UsersTable } from './users-table.tsx';

/** Passwords and users: the policy, the rights, and new passwords that travel in a sealed file. */
export function PasswordsPane({ meter }: { readonly meter: ListedMeter }) {
  const { t } = useTranslation();
  const { known, plan } = usePane(meter.id, 'security');
  return (
    <AreaPane
      meter={meter}
      area="security"
      editor={(wanted, reading, rules) =>
        wanted.area === 'security' && (
          <SecurityEditor
            meter={meter}
            reading={reading}
            wishes={wanted.settings}
            onWishes={(settings) => setPlan(meter.id, { area: 'security', settings })}
            rules={rules}
          />
        )
      }
    >
      {known !== null && plan.area === 'security' && (
        <>
          <Section title={t('passwords:new.title')}>
            <NewPasswords meter={meter} reading={known} wishes={plan.settings} />
          </Section>
          <Section title={t('passwords:sealed.title')}>
            <SealedPasswords meter={meter} reading={known} />
          </Section>
        </>
      )}
    </AreaPane>
  );
}

function SecurityEditor(props: EditorProps<'security'>) {
  return (
    <div className={classes['stack']}>
      <PolicyEditor {...props} />
      <UsersTable {...props} />
      <RuleSayings rules={props.rules} field="users" />
    </div>
  );
}
