//! A small HTTP server that answers what a test says, and remembers what it was asked.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// One request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// `PATCH /services/data/v67.0/composite/sobjects`, with the query.
    pub line: String,
    /// The head, as it came.
    pub head: String,
    /// The body.
    pub body: String,
}

impl Asked {
    /// Whether the line contains this text.
    pub(crate) fn is(&self, text: &str) -> bool {
        self.line.contains(text)
    }

    /// The access token, where there is one.
    pub(crate) fn bearer(&self) -> Option<String> {
        self.head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            let token = value.strip_prefix("Bearer ")?;
            name.eq_ignore_ascii_case("authorization")
                .then(|| token.to_owned())
        })
    }
}

/// An answer.
pub(crate) enum Answer {
    /// Status and JSON.
    Json(u16, String),
    /// Status, further header lines, body.
    Raw(u16, String, String),
    /// The connection closes without an answer.
    Drop,
    /// The answer stops half-way.
    Cut(String),
}

/// The server, and what it was asked.
pub(crate) struct Scripted {
    /// Where it answers.
    pub url: Url,
    asked: Arc<Mutex<Vec<Asked>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Scripted {
    /// Starts a server on any port.
    pub(crate) async fn start(script: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (script, seen) = (Arc::new(script), Arc::clone(&asked));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (script, seen) = (Arc::clone(&script), Arc::clone(&seen));
                tokio::spawn(async move { converse(stream, &*script, &seen).await });
            }
        });
        Self {
            url: Url::parse(&url).unwrap(),
            asked,
            task,
        }
    }

    /// Everything asked so far whose line contains `text`.
    pub(crate) fn asked(&self, text: &str) -> Vec<Asked> {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|one| one.is(text)).cloned().collect()
    }
}

async fn converse(
    mut stream: TcpStream,
    script: &(impl Fn(&Asked) -> Answer + Sync),
    seen: &Mutex<Vec<Asked>>,
) -> Option<()> {
    loop {
        let asked = read(&mut stream).await?;
        seen.lock().unwrap().push(asked.clone());
        let answer = script(&asked);
        let (status, headers, body) = match answer {
            Answer::Json(status, body) => (
                status,
                "Content-Type: application/json;charset=UTF-8\r\n".to_owned(),
                body,
            ),
            Answer::Raw(status, headers, body) => (status, headers, body),
            Answer::Drop => return None,
            Answer::Cut(body) => {
                let half = &body[..body.len() / 2];
                let head = format!(
                    "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{half}",
                    body.len()
                );
                stream.write_all(head.as_bytes()).await.ok()?;
                return None;
            }
        };
        let text = format!(
            "HTTP/1.1 {status} x\r\n{headers}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(text.as_bytes()).await.ok()?;
    }
}

async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        // A TLS handshake is not for this server.
        if stream.read_buf(&mut bytes).await.ok()? == 0 || bytes[0] == 0x16 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let length = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, value)| value.parse().unwrap());
    while bytes.len() < end + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let line = head
        .lines()
        .next()?
        .trim_end_matches(" HTTP/1.1")
        .to_owned();
    Some(Asked {
        line,
        body: String::from_utf8_lossy(&bytes[end..end + length]).into_owned(),
        head,
    })
}
