//! Sending one call that changes a link.

use drawbridge_model::{CustomerId, SourceError, SourceLinks};

use super::judge::Write;

/// Sends it, once. Gives the id of a connected account that was made, where it is told.
pub(crate) async fn send<S: SourceLinks>(
    source: &S,
    customer: &CustomerId,
    write: &Write,
    key: &str,
) -> Result<Option<String>, SourceError> {
    match write {
        Write::Connect {
            integration,
            record,
        } => source.connect(customer, integration, record, key).await,
        Write::Disconnect(connected) => {
            source.disconnect(customer, connected, key).await?;
            Ok(None)
        }
        Write::Aliases(aliases) => {
            source.set_aliases(customer, aliases, key).await?;
            Ok(None)
        }
    }
}
