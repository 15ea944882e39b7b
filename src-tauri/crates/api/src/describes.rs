//! What an org last said about an sObject, so that writing a rule asks the org once and not at
//! every letter.

use std::sync::Arc;

use drawbridge_model::{Cache, Connection, ConnectionId, Describe, SObjectName, Sync, Target};
use jiff::{SignedDuration, Timestamp};

use crate::context::{Context, Workspace, locked};
use crate::error::Result;

/// What was read, and when.
pub(crate) type Kept = (Arc<Describe>, Timestamp);

/// How old a describe may be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Age {
    /// Read now.
    Fresh,
    /// Half a minute: for looking at the saved mapping.
    Recent,
    /// Ten minutes: for what is asked again while somebody writes.
    Known,
}

impl Age {
    fn most(self) -> SignedDuration {
        match self {
            Self::Fresh => SignedDuration::ZERO,
            Self::Recent => SignedDuration::from_secs(30),
            Self::Known => SignedDuration::from_mins(10),
        }
    }
}

impl Context {
    /// The describe of an sObject, no older than asked.
    pub(crate) async fn describe(
        &self,
        workspace: &Workspace,
        org: &Connection,
        sobject: &SObjectName,
        age: Age,
    ) -> Result<Arc<Describe>> {
        let key = (org.id, sobject.clone());
        let now = self.clock().now();
        if let Some((describe, at)) = locked(&workspace.describes).get(&key)
            && now.duration_since(*at) < age.most()
        {
            return Ok(describe.clone());
        }
        let asked = async { Ok(workspace.certain_org(org).await?.describe(sobject).await?) };
        let describe = Arc::new(workspace.noting(org, asked.await)?);
        locked(&workspace.describes).insert(key, (describe.clone(), now));
        Ok(describe)
    }
}

impl Workspace {
    /// What an org said last about an sObject, without asking it: since the program began, or when
    /// the records of the sync were read.
    pub(crate) fn last_describe(&self, sync: &Sync, sobject: &SObjectName) -> Result<Option<Kept>> {
        let asked = locked(&self.describes)
            .get(&(sync.org, sobject.clone()))
            .cloned();
        let read = self.store.snapshot(sync.id)?;
        let read = read
            .filter(|snapshot| snapshot.describe.sobject == *sobject)
            .map(|snapshot| (Arc::new(snapshot.describe), snapshot.at));
        Ok(asked.into_iter().chain(read).max_by_key(|(_, at)| *at))
    }

    /// Forgets what an org said, because its fields were changed.
    pub(crate) fn forget_describes(&self, org: ConnectionId) {
        locked(&self.describes).retain(|(of, _), _| *of != org);
    }
}
