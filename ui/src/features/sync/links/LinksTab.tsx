import { SyncFrame } from '../shared/SyncFrame';
import { ImportCard } from './ImportCard';
import css from './links.module.css';
import { WritebackCard } from './WritebackCard';

/** What the billing system learns of Salesforce: which Account a customer is, and Accounts that are none yet. */
export function LinksTab() {
  return (
    <SyncFrame>
      {(sync) => (
        <div className={css.page}>
          <WritebackCard key={`links ${sync.id}`} sync={sync} />
          {sync.pack === 'alguna' ? <ImportCard key={`import ${sync.id}`} sync={sync} /> : null}
        </div>
      )}
    </SyncFrame>
  );
}
