//! Streams of records.

use super::answer::Flow;
use super::decode;
use super::error::BodyFault;
use super::union::keeps_all;
use super::{Error, Received};
use futures_util::Stream;
use futures_util::stream::try_unfold;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::pin::Pin;
use std::task::{Context, Poll};

/// The records of a body, as they come; `R` is the type of a record that reports a failure.
#[must_use = "records are read as they are asked for"]
pub struct Records<T, R> {
    inner: Pin<Box<dyn Stream<Item = Result<T, Error<R>>> + Send>>,
}

impl<T, R> std::fmt::Debug for Records<T, R> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Records").finish_non_exhaustive()
    }
}

impl<T, R> Stream for Records<T, R> {
    type Item = Result<T, Error<R>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.inner.as_mut().poll_next(context)
    }
}

impl<T, R> Records<T, R> {
    /// The next record; `None` at the end.
    pub async fn next(&mut self) -> Option<Result<T, Error<R>>> {
        std::future::poll_fn(|context| self.inner.as_mut().poll_next(context)).await
    }
}

impl<T, R> Records<T, R>
where
    T: DeserializeOwned + Serialize + Send + 'static,
    R: DeserializeOwned + Serialize + Send + 'static,
{
    /// One JSON text a line, ended by `\n` or `\r\n`, the last one by the end too.
    pub(super) fn lines(answer: &mut Received) -> Self {
        Self::read(answer, Framing::Lines)
    }

    /// Server-sent events; `[DONE]`, which some servers end with, is no record.
    pub(super) fn events(answer: &mut Received) -> Self {
        Self::read(answer, Framing::Events)
    }

    fn read(answer: &mut Received, framing: Framing) -> Self {
        let reader = Reader {
            operation: answer.meta.id,
            status: answer.status,
            flow: answer.stream.take(),
            framing,
            buffer: std::mem::take(&mut answer.body),
            scanned: 0,
            event: Vec::new(),
        };
        let inner = try_unfold(reader, |mut reader| async move {
            let Some(record) = reader.record().await.map_err(Error::widen)? else {
                return Ok(None);
            };
            match sort::<T, R>(&record) {
                Ok(item) => Ok(Some((item, reader))),
                Err(Refused::Reported(report)) => Err(Error::Record(report)),
                Err(Refused::Broken(mismatch)) => {
                    Err(Error::mismatch(reader.operation, reader.status, mismatch).widen())
                }
            }
        });
        Self {
            inner: Box::pin(inner),
        }
    }
}

enum Refused<R> {
    Reported(R),
    Broken(decode::Mismatch),
}

/// Tells items from reports of failure: an item is what an item's type keeps whole, a report what
/// only its type keeps whole, and else an item is what can be read as one.
fn sort<T, R>(record: &[u8]) -> Result<T, Refused<R>>
where
    T: DeserializeOwned + Serialize,
    R: DeserializeOwned + Serialize,
{
    // A record that cannot be reported as a failure is an item: nothing to compare.
    if std::mem::size_of::<R>() == 0 {
        return decode::json(record).map_err(Refused::Broken);
    }
    let value: Value = decode::json(record).map_err(Refused::Broken)?;
    let item = decode::value::<T>(&value);
    match item {
        Ok(item) if keeps_all(&value, &item) => Ok(item),
        item => match R::deserialize(&value) {
            Ok(report) if item.is_err() || keeps_all(&value, &report) => {
                Err(Refused::Reported(report))
            }
            _ => item.map_err(Refused::Broken),
        },
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Framing {
    Lines,
    Events,
}

/// Cuts a body into records, wherever its chunks end.
struct Reader {
    operation: &'static str,
    status: u16,
    flow: Option<Flow>,
    framing: Framing,
    buffer: Vec<u8>,
    /// How much of the buffer is known to hold no end of a line.
    scanned: usize,
    /// The data of the event that is being read.
    event: Vec<u8>,
}

impl Reader {
    /// The next record.
    async fn record(&mut self) -> Result<Option<Vec<u8>>, Error> {
        loop {
            let line = self.line().await?;
            let ended = line.is_none();
            let line = line.unwrap_or_default();
            match self.framing {
                Framing::Lines if ended => return Ok(None),
                Framing::Lines if line.iter().all(u8::is_ascii_whitespace) => {}
                Framing::Lines => return Ok(Some(line)),
                // An empty line, or the end, completes an event.
                Framing::Events if line.is_empty() => {
                    let event = std::mem::take(&mut self.event);
                    if event == b"[DONE]" || (ended && event.is_empty()) {
                        return Ok(None);
                    }
                    if !event.is_empty() {
                        return Ok(Some(event));
                    }
                }
                Framing::Events => self.field(&line)?,
            }
        }
    }

    /// Takes a line of an event; all but the data is passed over.
    fn field(&mut self, line: &[u8]) -> Result<(), Error> {
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        let data = match line.strip_prefix(b"data:") {
            Some(data) => data.strip_prefix(b" ").unwrap_or(data),
            None if line == b"data" => b"",
            None => return Ok(()),
        };
        if !self.event.is_empty() {
            self.event.push(b'\n');
        }
        self.event.extend_from_slice(data);
        self.check(self.event.len())
    }

    /// The next line without its end; `None` at the end.
    async fn line(&mut self) -> Result<Option<Vec<u8>>, Error> {
        loop {
            let unscanned = self.buffer.get(self.scanned..).unwrap_or_default();
            if let Some(at) = unscanned.iter().position(|byte| *byte == b'\n') {
                let rest = self.buffer.split_off(self.scanned + at + 1);
                let line = std::mem::replace(&mut self.buffer, rest);
                self.scanned = 0;
                self.check(line.len())?;
                return Ok(Some(trimmed(line)));
            }
            self.scanned = self.buffer.len();
            self.check(self.scanned)?;
            let Some(chunk) = self.chunk().await? else {
                let line = std::mem::take(&mut self.buffer);
                self.scanned = 0;
                return Ok((!line.is_empty()).then(|| trimmed(line)));
            };
            self.buffer.extend_from_slice(&chunk);
        }
    }

    async fn chunk(&mut self) -> Result<Option<Vec<u8>>, Error> {
        let Some(flow) = &mut self.flow else {
            return Ok(None);
        };
        let chunk = match flow.timeout {
            None => flow.response.chunk().await,
            Some(after) => tokio::time::timeout(after, flow.response.chunk())
                .await
                .map_err(|_| Error::Timeout {
                    operation: self.operation,
                    after,
                })?,
        };
        chunk.map(|chunk| chunk.map(Vec::from)).map_err(|error| {
            let message = "the stream broke off".to_owned();
            self.fault(message, Some(error.without_url()))
        })
    }

    fn check(&self, bytes: usize) -> Result<(), Error> {
        match &self.flow {
            Some(flow) if bytes > flow.limit => {
                let limit = flow.limit;
                Err(self.fault(format!("a record has more than {limit} bytes"), None))
            }
            _ => Ok(()),
        }
    }

    fn fault(&self, message: String, source: Option<reqwest::Error>) -> Error {
        Error::Body(Box::new(BodyFault {
            operation: self.operation,
            status: self.status,
            message,
            source,
        }))
    }
}

/// A line without its end.
fn trimmed(mut line: Vec<u8>) -> Vec<u8> {
    if line.last() == Some(&b'\n') {
        line.pop();
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    line
}
