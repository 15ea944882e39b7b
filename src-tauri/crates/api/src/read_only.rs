//! Connections that are only to be read: a switch a person sets, and what it refuses.

use drawbridge_model::{Connection, ConnectionId};

use crate::context::{Context, Workspace};
use crate::error::Result;
use crate::view::{ConnectionView, ErrorCode, ErrorView, ReadOnlyRequest};

/// Says that nothing may be changed through a connection, and how that is let go.
pub(crate) fn refusal(message: impl Into<String>) -> ErrorView {
    ErrorView::new(ErrorCode::Guard, message)
        .hint("Switch read-only off on the Connections screen.")
}

impl Workspace {
    /// Refuses what may change something where it is only to be read.
    pub(crate) fn refuse_read_only(connection: &Connection, doing: &str) -> Result<()> {
        if !connection.read_only {
            return Ok(());
        }
        let name = &connection.name;
        let message = format!("“{name}” is read-only: {doing}. Nothing was sent.");
        Err(refusal(message))
    }
}

impl Context {
    /// Says whether anything may be changed through a connection: in a billing system by operations,
    /// links and imports, in an org by runs and new fields.
    pub async fn connection_set_read_only(
        &self,
        request: ReadOnlyRequest,
    ) -> Result<ConnectionView> {
        let workspace = self.workspace();
        let connection = workspace
            .store
            .set_read_only(ConnectionId(request.connection), request.read_only)?;
        workspace.connection_view(&connection)
    }
}
