//! An org: the port's methods, put together from pure parts and one transport.

use std::sync::Arc;

use drawbridge_model::{
    ApiUsage, Arrived, AskingAgain, Currency, DeleteResult, Describe, FieldName, GoneRecord,
    OrgIdentity, Page, ReadQuery, Record, RecordId, RowResult, SObjectName, Target, TargetError,
    WriteBatch,
};
use jiff::Timestamp;
use reqwest::Method;
use serde::de::DeserializeOwned;
use tokio::sync::OnceCell;
use url::Url;

use crate::oauth::exchange;
use crate::rest::failure::{self, Effect};
use crate::rest::identity::{self, Organization, Rows, UserInfo, UserRow};
use crate::rest::query::{self, Cursor, RawPage};
use crate::rest::{collections, describe, gone, soql, versions};
use crate::session::Session;
use crate::transport::{Body, Call, Http, http_client};
use crate::{Error, Options, TokenKeeper, Tokens, soap};

/// A Salesforce org, signed in to. Clones share the session, the counters and the connections.
#[derive(Clone)]
pub struct Org {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) http: Http,
    pub(crate) options: Options,
    version: OnceCell<String>,
}

/// The signed-in user.
struct User {
    id: String,
    username: String,
    name: String,
}

impl std::fmt::Debug for Org {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Org")
            .field("instance_url", &self.instance_url().as_str())
            .finish_non_exhaustive()
    }
}

impl Org {
    /// An org by its login. `keeper` is called each time Salesforce renews the login. Nothing is
    /// sent yet.
    pub fn new(
        tokens: Tokens,
        keeper: Arc<dyn TokenKeeper>,
        options: Options,
    ) -> Result<Self, Error> {
        crate::urls::secure(&tokens.instance_url)?;
        crate::urls::secure(&tokens.login_url)?;
        let client = http_client(&options, &tokens.instance_url)?;
        let session = Arc::new(Session::new(tokens, keeper, client.clone()));
        Ok(Self {
            inner: Arc::new(Inner {
                http: Http::new(client, session, options.retry),
                options,
                version: OnceCell::new(),
            }),
        })
    }

    /// Where the org's API answers.
    pub fn instance_url(&self) -> Url {
        self.inner.http.session.peek().instance_url.clone()
    }

    /// The API version in use, such as `67.0`: the newest that both sides know. Asked once.
    pub async fn api_version(&self) -> Result<String, TargetError> {
        let version = self.inner.version.get_or_try_init(|| async {
            let body = self.http().send(&Call::get("/services/data")).await?;
            let listed = versions::listed(&body).map_err(|error| {
                failure::unexpected(
                    &self.http().host(),
                    Effect::Reads,
                    "the list of API versions",
                    &error,
                )
            })?;
            versions::choose(&listed, self.inner.options.api_version_ceiling)
        });
        version.await.cloned()
    }

    /// Ends the login in the org. Its tokens are dead afterwards.
    pub async fn revoke(&self) -> Result<(), TargetError> {
        let tokens = self.http().session.peek();
        exchange::revoke(self.http().client(), &tokens).await
    }

    /// Its reads that get no answer and are asked again.
    pub fn asking_again(&self) -> Arc<AskingAgain> {
        self.http().asking_again.clone()
    }

    pub(crate) fn http(&self) -> &Http {
        &self.inner.http
    }

    /// A path below `/services/data/vXX.X/`.
    pub(crate) async fn path(&self, rest: &str) -> Result<String, TargetError> {
        Ok(format!(
            "/services/data/v{}/{rest}",
            self.api_version().await?
        ))
    }

    /// Reads JSON from a path.
    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        path: String,
        what: &str,
    ) -> Result<T, TargetError> {
        let body = self.http().send(&Call::get(path)).await?;
        serde_json::from_slice(&body)
            .map_err(|error| failure::unexpected(&self.http().host(), Effect::Reads, what, &error))
    }

    /// The rows of a query whose answer fits one page.
    pub(crate) async fn rows<T: DeserializeOwned>(
        &self,
        soql: &str,
        what: &str,
    ) -> Result<Vec<T>, TargetError> {
        let path = self
            .path(&format!("query?q={}", soql::encode(soql)))
            .await?;
        let rows: Rows<T> = self.get(path, what).await?;
        Ok(rows.records)
    }

    /// Who is signed in: from `userinfo`, or, where the login may not ask that, from `User`.
    async fn user(&self) -> Result<User, TargetError> {
        let asked = self
            .get::<UserInfo>(
                "/services/oauth2/userinfo".to_owned(),
                "the user's identity",
            )
            .await;
        let refused = match asked {
            Ok(user) => {
                tracing::trace!(org = %user.organization_id, "signed in");
                return Ok(User {
                    id: user.user_id,
                    username: user.preferred_username,
                    name: user.name,
                });
            }
            Err(error @ (TargetError::Refused { .. } | TargetError::NotTheApi { .. })) => error,
            Err(error) => return Err(error),
        };
        let tokens = self.http().session.peek();
        let Some(id) = tokens.user_id() else {
            return Err(refused);
        };
        let soql = format!(
            "SELECT Id, Username, Name FROM User WHERE Id = {}",
            soql::literal(id)
        );
        let rows: Vec<UserRow> = self.rows(&soql, "the user").await?;
        let row = rows.into_iter().next().ok_or(refused)?;
        Ok(User {
            id: row.id,
            username: row.username,
            name: row.name,
        })
    }

    /// The id of the signed-in user.
    pub(crate) async fn user_id(&self) -> Result<String, TargetError> {
        if let Some(id) = self.http().session.peek().user_id() {
            return Ok(id.to_owned());
        }
        Ok(self.user().await?.id)
    }

    fn no_page(&self, error: &serde_json::Error) -> TargetError {
        failure::unexpected(
            &self.http().host(),
            Effect::Reads,
            "a page of records",
            error,
        )
    }

    pub(crate) fn odd(&self, what: impl Into<String>) -> TargetError {
        TargetError::NotTheApi {
            host: self.http().host(),
            what: what.into(),
        }
    }
}

impl Target for Org {
    async fn identity(&self) -> Result<OrgIdentity, TargetError> {
        let user = self.user().await?;
        let rows: Vec<Organization> = self
            .rows(identity::ORGANIZATION, "the org's identity")
            .await?;
        let Some(org) = rows.into_iter().next() else {
            return Err(self.odd("no row of Organization"));
        };
        Ok(OrgIdentity {
            org_id: identity::id(&org.id).map_err(|what| self.odd(what))?,
            name: org.name,
            is_sandbox: org.is_sandbox,
            edition: org.edition.unwrap_or_default(),
            instance: org.instance_name.unwrap_or_default(),
            instance_url: self
                .instance_url()
                .as_str()
                .trim_end_matches('/')
                .to_owned(),
            api_version: self.api_version().await?,
            user_id: identity::id(&user.id).map_err(|what| self.odd(what))?,
            username: user.username,
            user_name: user.name,
        })
    }

    async fn describe(&self, sobject: &SObjectName) -> Result<Describe, TargetError> {
        let name = soql::name(sobject.as_str())?;
        let path = self.path(&format!("sobjects/{name}/describe")).await?;
        let body = self.http().send(&Call::get(path)).await?;
        describe::read(&body).map_err(|error| {
            failure::unexpected(&self.http().host(), Effect::Reads, "the describe", &error)
        })
    }

    async fn currency(&self) -> Result<Option<Currency>, TargetError> {
        let path = format!("/services/Soap/u/{}", self.api_version().await?);
        let body = self.http().send(&Call::soap(path, "getUserInfo")).await?;
        Ok(soap::currency(&body))
    }

    async fn fetch<'a>(
        &'a self,
        query: &'a ReadQuery,
        describe: &'a Describe,
        cursor: Option<&str>,
    ) -> Result<Arrived<'a>, TargetError> {
        let at = match cursor {
            None => Cursor {
                start: 0,
                path: None,
            },
            Some(text) => {
                Cursor::read(text).ok_or_else(|| self.odd("a cursor that was not given out"))?
            }
        };
        let (first, following) = soql::part(query, &self.api_version().await?, at.start)?;
        let body = self
            .http()
            .send(&Call::get(at.path.clone().unwrap_or(first)))
            .await?;
        let next = match query::next_page(&body).map_err(|error| self.no_page(&error))? {
            Some(path) => Some(Cursor {
                start: at.start,
                path: Some(path),
            }),
            None => following.map(|start| Cursor { start, path: None }),
        };
        let next = next.map(|cursor| cursor.write());
        Ok(Arrived::new(next, move || {
            let page: RawPage =
                serde_json::from_slice(&body).map_err(|error| self.no_page(&error))?;
            if let Some((given, total)) = page.missing(at.path.as_deref()) {
                let host = self.http().host();
                return Err(TargetError::Incomplete { host, given, total });
            }
            query::records(&page.records, &query.fields, describe)
                .map_err(|error| self.odd(error.text()))
        }))
    }

    async fn read_by_id(
        &self,
        ids: &[RecordId],
        fields: &[FieldName],
        describe: &Describe,
    ) -> Result<Vec<Record>, TargetError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let sobject = soql::name(describe.sobject.as_str())?;
        let asked = serde_json::json!({
            "ids": ids.iter().map(RecordId::as_str).collect::<Vec<_>>(),
            "fields": soql::fields(fields)?,
        });
        let path = self.path(&format!("composite/sobjects/{sobject}")).await?;
        let call = Call::read_with(path, asked.to_string().into());
        let body = self.http().send(&call).await?;
        let found: Vec<Option<_>> = serde_json::from_slice(&body).map_err(|error| {
            failure::unexpected(
                &self.http().host(),
                Effect::Reads,
                "a list of records",
                &error,
            )
        })?;
        let found: Vec<_> = found.into_iter().flatten().collect();
        query::records(&found, fields, describe).map_err(|error| self.odd(error.text()))
    }

    async fn gone(
        &self,
        sobject: &SObjectName,
        since: Option<Timestamp>,
        cursor: Option<&str>,
    ) -> Result<Page<GoneRecord>, TargetError> {
        let path = match cursor {
            Some(path) => path.to_owned(),
            None => gone::path(sobject, since, &self.api_version().await?)?,
        };
        let mut page: gone::RawPage = self.get(path, "a page of deleted records").await?;
        let next = page.next.take();
        let rows = gone::records(page).map_err(|what| self.odd(what))?;
        Ok(Page { rows, next })
    }

    async fn write(&self, batch: &WriteBatch) -> Result<Vec<RowResult>, TargetError> {
        if batch.rows.is_empty() {
            return Ok(Vec::new());
        }
        let version = self.api_version().await.map_err(failure::before_sending)?;
        let (path, body) = collections::request(batch, &version)?;
        let call = Call {
            allow_duplicates: batch.allow_duplicates,
            ..Call::write(Method::PATCH, path, Body::Json(body))
        };
        let answer = self.http().send(&call).await?;
        collections::results(batch, &answer).map_err(|reason| TargetError::LostAnswer {
            host: self.http().host(),
            reason,
        })
    }

    async fn delete(&self, records: &[RecordId]) -> Result<Vec<DeleteResult>, TargetError> {
        if records.is_empty() {
            return Ok(Vec::new());
        }
        let version = self.api_version().await.map_err(failure::before_sending)?;
        let path = collections::deletion(records, &version)?;
        let call = Call::write(Method::DELETE, path, Body::None);
        let answer = self.http().send(&call).await?;
        collections::deleted(records, &answer).map_err(|reason| TargetError::LostAnswer {
            host: self.http().host(),
            reason,
        })
    }

    fn calls_made(&self) -> u32 {
        self.http().calls()
    }

    fn usage(&self) -> Option<ApiUsage> {
        self.http().usage()
    }
}
