//! Who is signed in to an org: another user of the same org may see and edit other things, so that is
//! noticed, said and kept.

use drawbridge_model::{
    Clock, Connection, ConnectionId, OrgIdentity, PlanId, RunId, Target, UserChange,
};
use drawbridge_salesforce::Org;
use drawbridge_store::PlanRecord;
use drawbridge_sync::mapping::validate;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::connections::{refuse_other_org, refuse_wrong_label};
use crate::context::{Context, Workspace, locked};
use crate::error::Result;
use crate::view::{CheckState, CheckView, ErrorCode, ErrorView};

/// As whom a plan was read.
#[derive(Serialize, Deserialize)]
struct Reader {
    id: String,
    name: String,
}

fn reader_key(plan: PlanId) -> String {
    format!("plan.{plan}.reader")
}

/// Notes that another user of the org is signed in than before. `identity` becomes the
/// connection's.
pub(crate) fn note_user(connection: &mut Connection, identity: OrgIdentity, at: Timestamp) {
    if let Some(known) = &connection.org
        && known.org_id == identity.org_id
        && known.user_id != identity.user_id
    {
        connection.user_changes.push(UserChange {
            user_id: known.user_id.clone(),
            username: known.username.clone(),
            user_name: known.user_name.clone(),
            at,
            previewed: false,
        });
    }
    connection.org = Some(identity);
}

/// The change of user that no preview followed yet.
fn open_change(connection: &Connection) -> Option<(&UserChange, &OrgIdentity)> {
    let change = connection.user_changes.last().filter(|it| !it.previewed)?;
    // Who signs in again as before has changed nothing.
    connection
        .org
        .as_ref()
        .filter(|org| org.user_id != change.user_id)
        .map(|org| (change, org))
}

/// What a person should know of a change of user, first among the checks.
pub(crate) fn change_check(connection: &Connection) -> Option<CheckView> {
    let (change, now) = open_change(connection)?;
    Some(CheckView {
        name: format!(
            "{} is signed in; before, it was {}",
            now.user_name, change.user_name
        ),
        state: CheckState::Warning,
        detail: Some(format!(
            "{} instead of {} since {} UTC. This user may see and edit other fields and records, and \
             new records will be this user's own. Preview each sync before its next run: everything is \
             read anew.",
            now.username,
            change.username,
            change.at.strftime("%Y-%m-%d %H:%M")
        )),
        who: None,
        setup_url: None,
        message_for_admin: None,
    })
}

impl Workspace {
    /// Keeps as whom a plan was read, and notes when that is another user than before. Gives what
    /// the plan should say of it.
    pub(crate) fn read_as(
        &self,
        plan: &PlanRecord,
        found: Option<OrgIdentity>,
        clock: &dyn Clock,
    ) -> Result<Option<String>> {
        let (_, _, mut connection) = self.sync_ends(plan.sync)?;
        let mut note = None;
        if let Some(found) = found {
            let changes = connection.user_changes.len();
            note_user(&mut connection, found, clock.now());
            if let Some((change, now)) = open_change(&connection) {
                note = Some(format!(
                    "Salesforce was read as {}; before, {} was signed in.",
                    now.user_name, change.user_name
                ));
            }
            let follows = plan.undoes.is_none();
            let last = connection.user_changes.last_mut();
            if let Some(change) = last.filter(|change| follows && !change.previewed) {
                change.previewed = true;
                self.store.update_connection(&connection)?;
            } else if connection.user_changes.len() != changes {
                self.store.update_connection(&connection)?;
            }
        }
        if let Some(org) = &connection.org {
            let reader = Reader {
                id: org.user_id.to_string(),
                name: org.user_name.clone(),
            };
            self.store.set_setting(&reader_key(plan.id), &reader)?;
        }
        Ok(note)
    }

    /// A plan is what the user of then saw: another user previews again.
    pub(crate) fn refuse_other_reader(
        &self,
        plan: &PlanRecord,
        connection: &Connection,
    ) -> Result<()> {
        let reader: Option<Reader> = self.store.setting(&reader_key(plan.id))?;
        match (reader, &connection.org) {
            (Some(reader), Some(now)) if reader.id != now.user_id.as_str() => Err(ErrorView::new(
                ErrorCode::AnotherUser,
                format!(
                    "{} is signed in, and the preview was made as {}: nothing was written.",
                    now.user_name, reader.name
                ),
            )
            .hint("Preview again: this user may see and edit other fields and records.")),
            _ => Ok(()),
        }
    }

    /// A run that one user began goes on as another only when a person says so.
    pub(crate) fn refuse_other_runner(&self, run: RunId, connection: &Connection) -> Result<()> {
        let began = self.store.history_row(run)?.map(|row| row.who);
        let (Some(began), Some(now)) = (began, &connection.org) else {
            return Ok(());
        };
        match began.user_id {
            Some(id) if id != now.user_id.as_str() => Err(ErrorView::new(
                ErrorCode::AnotherUser,
                format!(
                    "{} is signed in, and run {run} was begun by {}: nothing was written.",
                    now.user_name,
                    began.user_name.as_deref().unwrap_or("another user")
                ),
            )
            .hint(
                "Resume it as this user on purpose, or \
                 preview again: this user may see and edit other fields and records.",
            )),
            _ => Ok(()),
        }
    }

    /// The org, once it is certain that it is the one the connection is pinned to: nothing is read
    /// from another.
    pub(crate) async fn certain_org(&self, connection: &Connection) -> Result<Org> {
        let org = self.org(connection)?;
        if locked(&self.certain).contains(&connection.id) {
            return Ok(org);
        }
        let found = org.identity().await?;
        if let Some(environment) = connection.environment {
            refuse_wrong_label(environment, &found)?;
        }
        refuse_other_org(connection, &found)?;
        locked(&self.certain).insert(connection.id);
        Ok(org)
    }

    /// Another login was put in place: which org it is for must be asked again.
    pub(crate) fn doubt(&self, connection: ConnectionId) {
        locked(&self.certain).remove(&connection);
    }
}

impl Context {
    /// What the new user of an org cannot see or edit of what its syncs fill. Only asked while no
    /// preview was made as that user.
    pub(crate) async fn unseen_by_new_user(
        &self,
        workspace: &Workspace,
        connection: &Connection,
        org: &Org,
    ) -> Result<Vec<CheckView>> {
        let Some((_, now)) = open_change(connection) else {
            return Ok(Vec::new());
        };
        let mut checks = Vec::new();
        for sync in workspace.store.syncs()? {
            if sync.org != connection.id {
                continue;
            }
            let mapping = workspace.store.mapping(sync.id)?;
            let describe = org.describe(&mapping.sobject).await?;
            let fields: Vec<String> = validate(&mapping, sync.pack, &describe)
                .into_iter()
                .filter_map(|problem| problem.field.map(|field| field.to_string()))
                .collect();
            if fields.is_empty() {
                continue;
            }
            let set = drawbridge_sync::pack::field_package(sync.pack).permission_set_label;
            checks.push(CheckView {
                name: format!("{} may not see and edit what “{}” fills", now.user_name, sync.name),
                state: CheckState::Failed,
                detail: Some(format!(
                    "{} of {}: {}. A preview is refused until then, and nothing is taken for blank.",
                    fields.len(),
                    mapping.sobject,
                    fields.join(", ")
                )),
                who: Some(format!(
                    "An admin, by assigning the permission set “{set}”; or you on the Fields tab, with \
                     the right to create fields"
                )),
                setup_url: None,
                message_for_admin: None,
            });
        }
        Ok(checks)
    }
}
