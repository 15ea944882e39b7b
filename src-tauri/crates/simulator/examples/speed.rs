//! Measures the simulated org: rows a second through Bulk and Collections, memory, start. Client
//! and servers run in one process, so the client's work and memory are part of every figure. Beside
//! the rate stands the processor time a row took, which other work on the machine hardly changes.
//!
//! `speed [ACCOUNTS]` fills the org with that many Accounts for the memory figure (default
//! 1,000,000); `tests/bench/simulator` runs it in release.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, Instant};

use drawbridge_simulator::{Config, Simulator, start};
use futures::{StreamExt, TryStreamExt};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

/// As in `drawbridge-sim`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Name and type of the custom fields written; the first is the external id.
const FIELDS: [(&str, &str); 12] = [
    (
        "Key",
        "<type>Text</type><length>64</length><externalId>true</externalId><unique>true</unique><caseSensitive>true</caseSensitive>",
    ),
    ("Plan", "<type>Text</type><length>120</length>"),
    ("Status", "<type>Text</type><length>40</length>"),
    ("Currency", "<type>Text</type><length>3</length>"),
    (
        "Mrr",
        "<type>Currency</type><precision>18</precision><scale>2</scale>",
    ),
    (
        "Arr",
        "<type>Currency</type><precision>18</precision><scale>2</scale>",
    ),
    (
        "Seats",
        "<type>Number</type><precision>9</precision><scale>0</scale>",
    ),
    ("Starts", "<type>Date</type>"),
    ("Ends", "<type>Date</type>"),
    ("Renewed", "<type>DateTime</type>"),
    (
        "Auto",
        "<type>Checkbox</type><defaultValue>false</defaultValue>",
    ),
    ("Link", "<type>Url</type>"),
];

/// Rows of one Bulk job.
const JOB: usize = 100_000;
/// Rows of one Collections call.
const CALL: usize = 200;
/// Rows written through Collections.
const COLLECTIONS: usize = 20_000;

#[tokio::main]
async fn main() -> Outcome<()> {
    let accounts = match std::env::args().nth(1) {
        Some(text) => text.parse()?,
        None => 1_000_000,
    };
    let mut out = std::io::stdout();
    let began = Instant::now();
    let large = start(Config {
        customers: 100_000,
        ..Config::default()
    })
    .await?;
    let seconds = began.elapsed().as_secs_f64();
    let processor = processor_seconds();
    let what = "start with 100,000 customers";
    writeln!(
        out,
        "{what:<44} {seconds:>10.2} s {processor:>13.1} s of processor"
    )?;
    large.stop().await;

    let org = Org {
        simulator: start(Config {
            customers: 10,
            rate_limits: false,
            ..Config::default()
        })
        .await?,
        http: Client::builder().no_proxy().build()?,
    };
    org.deploy().await?;
    let mut rate = |what: &str, rows: usize, began: Began| {
        #[expect(clippy::cast_precision_loss, reason = "a few million rows")]
        let rows = rows as f64;
        let speed = rows / began.at.elapsed().as_secs_f64();
        let each = (processor_seconds() - began.processor) / rows * 1e6;
        writeln!(out, "{what:<44} {speed:>10.0} rows/s {each:>8.1} µs/row")
    };
    for what in [
        "Bulk upsert, 13 columns, new",
        "Bulk upsert, 13 columns, known",
    ] {
        let file = file(0..JOB)?;
        let began = Began::now();
        org.ingest(file).await?;
        rate(what, JOB, began)?;
    }
    let began = Began::now();
    let rows = org.query().await?;
    rate("Bulk query, 14 columns", rows, began)?;
    for (what, first, at_once) in [
        ("Collections upsert, new, one after another", JOB, 1),
        ("Collections upsert, known, one after another", JOB, 1),
        ("Collections upsert, known, 4 at once", JOB, 4),
    ] {
        let calls: Vec<Value> = (first..first + COLLECTIONS)
            .step_by(CALL)
            .map(|row| json!({"records": (row..row + CALL).map(record).collect::<Vec<_>>()}))
            .collect();
        let began = Began::now();
        futures::stream::iter(calls)
            .map(Ok)
            .try_for_each_concurrent(at_once, |call| org.collection(call))
            .await?;
        rate(what, COLLECTIONS, began)?;
    }
    let mut have = JOB + COLLECTIONS;
    let began = Began::now();
    let before = have;
    while have < accounts {
        let end = accounts.min(have + JOB);
        org.ingest(file(have..end)?).await?;
        have = end;
    }
    if have > before {
        rate("Bulk upsert to the end", have - before, began)?;
    }
    let (resident, peak) = (memory("VmRSS")?, memory("VmHWM")?);
    writeln!(
        out,
        "{:<44} {resident:>10} MB",
        format!("resident with {have} Accounts")
    )?;
    writeln!(out, "{:<44} {peak:>10} MB", "most resident")?;
    org.simulator.stop().await;
    Ok(())
}

/// The start of a measured step.
struct Began {
    at: Instant,
    processor: f64,
}

impl Began {
    fn now() -> Self {
        Self {
            at: Instant::now(),
            processor: processor_seconds(),
        }
    }
}

/// Processor time of this process so far, where the system tells.
fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let numbers = text.rsplit(')').next().unwrap_or_default();
    // User and system time, in hundredths of a second.
    let ticks = numbers.split_whitespace().skip(11).take(2);
    ticks
        .filter_map(|tick| tick.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0
}

/// A figure of this process in MB, where the system tells.
fn memory(name: &str) -> Outcome<u64> {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name));
    let figure = line.and_then(|line| line.split_whitespace().nth(1));
    Ok(figure.unwrap_or("0").parse::<u64>()? / 1024)
}

fn values(row: usize) -> [(&'static str, String); 13] {
    let (day, month) = (row % 28 + 1, row % 12 + 1);
    [
        ("Key__c", format!("KEY-{row:08}")),
        ("Name", format!("Fern & Company {row}")),
        ("Plan__c", format!("Growth {}", row % 40)),
        ("Status__c", "active".to_owned()),
        ("Currency__c", "EUR".to_owned()),
        ("Mrr__c", format!("{}.{:02}", row % 9000, row % 100)),
        ("Arr__c", format!("{}.00", row % 90_000)),
        ("Seats__c", (row % 500).to_string()),
        ("Starts__c", format!("2025-{month:02}-{day:02}")),
        ("Ends__c", format!("2026-{month:02}-{day:02}")),
        (
            "Renewed__c",
            format!("2025-{month:02}-{day:02}T10:00:00.000Z"),
        ),
        ("Auto__c", row.is_multiple_of(2).to_string()),
        (
            "Link__c",
            format!("https://billing.example/customers/{row}"),
        ),
    ]
}

fn file(rows: std::ops::Range<usize>) -> Outcome<String> {
    let mut text = values(0).map(|(name, _)| name).join(",");
    text.push('\n');
    for row in rows {
        writeln!(text, "{}", values(row).map(|(_, value)| value).join(","))?;
    }
    Ok(text)
}

fn record(row: usize) -> Value {
    let mut record = serde_json::Map::new();
    record.insert("attributes".to_owned(), json!({"type": "Account"}));
    for (name, value) in values(row) {
        let value = match name {
            "Mrr__c" | "Arr__c" | "Seats__c" => json!(value.parse::<f64>().unwrap_or_default()),
            "Auto__c" => json!(value == "true"),
            _ => Value::from(value),
        };
        record.insert(name.to_owned(), value);
    }
    Value::Object(record)
}

struct Org {
    simulator: Simulator,
    http: Client,
}

impl Org {
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = &self.simulator.urls().salesforce_sandbox;
        let token = &self.simulator.credentials().sandbox.access_token;
        let address = format!("{url}/services/data/v67.0{path}");
        self.http.request(method, address).bearer_auth(token)
    }

    async fn json(&self, method: Method, path: &str, body: Option<Value>) -> Outcome<Value> {
        let mut request = self.request(method, path);
        if let Some(body) = body {
            request = request.json(&body);
        }
        Ok(request.send().await?.error_for_status()?.json().await?)
    }

    /// Makes the custom fields and gives the signed-in user access.
    async fn deploy(&self) -> Outcome<()> {
        let members: String = FIELDS
            .map(|(name, _)| format!("<members>Account.{name}__c</members>"))
            .concat();
        let fields: String = FIELDS
            .map(|(name, kind)| {
                format!(
                    "<fields><fullName>{name}__c</fullName><label>{name}</label>{kind}</fields>"
                )
            })
            .concat();
        let access: String = FIELDS
            .map(|(name, _)| {
                format!("<fieldPermissions><editable>true</editable><field>Account.{name}__c</field><readable>true</readable></fieldPermissions>")
            })
            .concat();
        let space = "xmlns=\"http://soap.sforce.com/2006/04/metadata\"";
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, text) in [
            (
                "package.xml",
                format!(
                    "<Package {space}><types>{members}<name>CustomField</name></types><types><members>Speed</members><name>PermissionSet</name></types><version>67.0</version></Package>"
                ),
            ),
            (
                "objects/Account.object",
                format!("<CustomObject {space}>{fields}</CustomObject>"),
            ),
            (
                "permissionsets/Speed.permissionset",
                format!("<PermissionSet {space}><label>Speed</label>{access}</PermissionSet>"),
            ),
        ] {
            zip.start_file(name, zip::write::SimpleFileOptions::default())?;
            zip.write_all(text.as_bytes())?;
        }
        let zip = zip.finish()?.into_inner();
        let mut body = format!("--B\r\nContent-Type: application/json\r\n\r\n{}\r\n--B\r\nContent-Type: application/zip\r\n\r\n", json!({"deployOptions": {"singlePackage": true}})).into_bytes();
        body.extend(zip);
        body.extend_from_slice(b"\r\n--B--\r\n");
        let started: Value = self
            .request(Method::POST, "/metadata/deployRequest")
            .header("content-type", "multipart/form-data; boundary=B")
            .body(body)
            .send()
            .await?
            .json()
            .await?;
        let path = format!(
            "/metadata/deployRequest/{}",
            started["id"].as_str().unwrap_or_default()
        );
        while self.json(Method::GET, &path, None).await?["deployResult"]["done"] != true {}
        let id = |found: &Value| found["records"][0]["Id"].clone();
        let set = self
            .json(
                Method::GET,
                "/query?q=SELECT+Id+FROM+PermissionSet+WHERE+Name='Speed'",
                None,
            )
            .await?;
        let user = self
            .json(
                Method::GET,
                "/query?q=SELECT+Id+FROM+User+WHERE+Name='Ana+Ruiz'",
                None,
            )
            .await?;
        let grant = json!({"PermissionSetId": id(&set), "AssigneeId": id(&user)});
        self.json(
            Method::POST,
            "/sobjects/PermissionSetAssignment",
            Some(grant),
        )
        .await?;
        Ok(())
    }

    /// One ingest job from its creation to its fetched results.
    async fn ingest(&self, file: String) -> Outcome<()> {
        let asked =
            json!({"object": "Account", "operation": "upsert", "externalIdFieldName": "Key__c"});
        let job = self.json(Method::POST, "/jobs/ingest", Some(asked)).await?;
        let path = format!("/jobs/ingest/{}", job["id"].as_str().unwrap_or_default());
        self.request(Method::PUT, &format!("{path}/batches"))
            .header("content-type", "text/csv")
            .body(file)
            .send()
            .await?
            .error_for_status()?;
        self.json(
            Method::PATCH,
            &path,
            Some(json!({"state": "UploadComplete"})),
        )
        .await?;
        let job = self.over(&path).await?;
        if job["state"] != "JobComplete" || job["numberRecordsFailed"] != 0 {
            return Err(job.to_string().into());
        }
        for name in ["successfulResults", "failedResults", "unprocessedrecords"] {
            self.request(Method::GET, &format!("{path}/{name}"))
                .send()
                .await?
                .bytes()
                .await?;
        }
        Ok(())
    }

    async fn over(&self, path: &str) -> Outcome<Value> {
        loop {
            let job = self.json(Method::GET, path, None).await?;
            if matches!(
                job["state"].as_str(),
                Some("JobComplete" | "Failed" | "Aborted")
            ) {
                return Ok(job);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Queries all rows by Bulk; gives how many came.
    async fn query(&self) -> Outcome<usize> {
        let names = values(0).map(|(name, _)| name).join(", ");
        let soql = format!("SELECT Id, {names} FROM Account WHERE Key__c != null");
        let asked = json!({"operation": "query", "query": soql});
        let job = self.json(Method::POST, "/jobs/query", Some(asked)).await?;
        let path = format!("/jobs/query/{}", job["id"].as_str().unwrap_or_default());
        self.over(&path).await?;
        let (mut rows, mut locator) = (0, String::new());
        while locator != "null" {
            let page = format!("{path}/results?maxRecords=50000&locator={locator}");
            let answer = self
                .request(Method::GET, &page)
                .send()
                .await?
                .error_for_status()?;
            let header = |name: &str| Some(answer.headers().get(name)?.to_str().ok()?.to_owned());
            locator = header("sforce-locator").unwrap_or_else(|| "null".to_owned());
            rows += header("sforce-numberofrecords")
                .unwrap_or_default()
                .parse::<usize>()?;
            answer.bytes().await?;
        }
        Ok(rows)
    }

    async fn collection(&self, call: Value) -> Outcome<()> {
        let results = self
            .json(
                Method::PATCH,
                "/composite/sobjects/Account/Key__c",
                Some(call),
            )
            .await?;
        let failed = |row: &&Value| row["success"] != true;
        match results.as_array().and_then(|rows| rows.iter().find(failed)) {
            Some(row) => Err(row.to_string().into()),
            None => Ok(()),
        }
    }
}
