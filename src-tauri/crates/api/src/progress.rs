//! Folds the engine's small facts into whole pictures, at most ten a second.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use drawbridge_model::{
    AskingAgain, Clock, Counts, Event, Outcome, Phase, PlanCounts, Problem, Reporter, Standstill,
};
use jiff::Timestamp;
use tokio::sync::watch;

use crate::convert;
use crate::problems;
use crate::view::{
    BulkView, ErrorCode, ErrorView, PhaseState, PhaseView, ProblemView, ProgressView, WaitingView,
    Work,
};

/// Pictures are at least this far apart.
const APART: Duration = Duration::from_millis(100);
/// The rate is that of the last so many seconds.
const RATE_WINDOW: Duration = Duration::from_secs(8);
/// Causes that are told apart while work is under way; afterwards the store groups them.
const MOST_CAUSES: usize = 40;
/// Ended work that is remembered, so that a late listener still learns how it ended.
const REMEMBERED: usize = 50;

/// All work under way, and some that ended.
#[derive(Default)]
pub struct Hub {
    works: Mutex<HashMap<Work, watch::Sender<ProgressView>>>,
    order: Mutex<VecDeque<Work>>,
}

impl Hub {
    /// Begins to follow some work.
    pub fn begin(self: &Arc<Self>, start: Start, clock: Arc<dyn Clock>) -> Arc<WorkReporter> {
        let (work, calls_before) = (start.work, start.calls_before);
        let fold = Fold::new(start);
        let (sender, _) = watch::channel(fold.picture.clone());
        self.works
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(work, sender.clone());
        self.forget_oldest(work);
        let reporter = Arc::new(WorkReporter {
            fold: Mutex::new(fold),
            sender,
            clock,
            calls_before,
        });
        tokio::spawn(draw_what_is_left(Arc::downgrade(&reporter)));
        reporter
    }

    /// Forgets the oldest work that has ended, once there is much of it.
    fn forget_oldest(&self, newest: Work) {
        let mut order = self.order.lock().unwrap_or_else(PoisonError::into_inner);
        order.retain(|work| *work != newest);
        order.push_back(newest);
        let mut works = self.works.lock().unwrap_or_else(PoisonError::into_inner);
        while order.len() > REMEMBERED {
            let ended = order
                .iter()
                .position(|work| works.get(work).is_none_or(|sender| sender.borrow().ended));
            let Some(oldest) = ended.and_then(|at| order.remove(at)) else {
                break;
            };
            works.remove(&oldest);
        }
    }

    /// The pictures of some work: the present one first.
    pub fn watch(&self, work: Work) -> Option<watch::Receiver<ProgressView>> {
        let works = self.works.lock().unwrap_or_else(PoisonError::into_inner);
        works.get(&work).map(watch::Sender::subscribe)
    }

    /// Whether any work is under way.
    pub fn is_any_running(&self) -> bool {
        let works = self.works.lock().unwrap_or_else(PoisonError::into_inner);
        works.values().any(|sender| !sender.borrow().ended)
    }

    /// Whether work of that name is under way.
    pub fn is_running(&self, work: Work) -> bool {
        let works = self.works.lock().unwrap_or_else(PoisonError::into_inner);
        works
            .get(&work)
            .is_some_and(|sender| !sender.borrow().ended)
    }
}

/// What a picture begins with.
#[derive(Clone, Debug)]
pub struct Start {
    /// Whose it is.
    pub work: Work,
    /// Rows planned before.
    pub planned: PlanCounts,
    /// Outcomes before.
    pub counts: Counts,
    /// Records to write.
    pub to_write: u32,
    /// Problems of rows that have their outcome already.
    pub problems: Vec<ProblemView>,
    /// API calls the target had made before.
    pub calls_before: u32,
    /// Whose reads may get no answer.
    pub asking_again: Vec<Arc<AskingAgain>>,
}

/// Reports one piece of work.
pub struct WorkReporter {
    fold: Mutex<Fold>,
    sender: watch::Sender<ProgressView>,
    clock: Arc<dyn Clock>,
    calls_before: u32,
}

impl WorkReporter {
    /// Ends the work, well or not.
    pub fn end(&self, error: Option<ErrorView>) {
        let mut fold = self.fold.lock().unwrap_or_else(PoisonError::into_inner);
        fold.end(error);
        self.sender.send_replace(fold.picture.clone());
    }

    /// API calls made so far.
    pub fn api_calls(&self) -> u32 {
        self.fold
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .picture
            .api_calls
    }

    /// How long records were written and read back so far, without standstills.
    pub fn worked(&self) -> Duration {
        let now = self.clock.now();
        let fold = self.fold.lock().unwrap_or_else(PoisonError::into_inner);
        fold.worked.so_far(now)
    }
}

/// A burst of facts ends between two pictures: what it left is drawn a moment later, so that no
/// figure stands still at an old value. So is that reads get no answer, or get one again.
async fn draw_what_is_left(reporter: Weak<WorkReporter>) {
    loop {
        tokio::time::sleep(APART).await;
        let Some(reporter) = reporter.upgrade() else {
            return;
        };
        let mut fold = reporter.fold.lock().unwrap_or_else(PoisonError::into_inner);
        if fold.picture.ended {
            return;
        }
        fold.tell_no_answer();
        if fold.undrawn {
            fold.undrawn = false;
            fold.sent_at = Some(reporter.clock.now());
            reporter.sender.send_replace(fold.picture.clone());
        }
    }
}

/// Whoever watches learns of an end even when the work broke off in a defect.
impl Drop for WorkReporter {
    fn drop(&mut self) {
        let ended = self
            .fold
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .picture
            .ended;
        if !ended {
            self.end(Some(ErrorView::new(
                ErrorCode::Internal,
                "The work broke off because of a defect of Drawbridge. What was written is recorded.",
            )));
        }
    }
}

impl Reporter for WorkReporter {
    fn report(&self, event: Event) {
        let now = self.clock.now();
        let mut fold = self.fold.lock().unwrap_or_else(PoisonError::into_inner);
        let at_once = matches!(
            event,
            Event::PhaseStarted { .. }
                | Event::PhaseFinished { .. }
                | Event::Standstill(_)
                | Event::NoAnswer { .. }
                | Event::AnswerLost { .. }
        );
        fold.apply(event, now, self.calls_before);
        let due = fold
            .sent_at
            .is_none_or(|sent| now.duration_since(sent).unsigned_abs() >= APART);
        fold.undrawn = !(at_once || due);
        if at_once || due {
            fold.sent_at = Some(now);
            self.sender.send_replace(fold.picture.clone());
        }
    }
}

/// A watch that is stopped and started.
#[derive(Clone, Copy, Default)]
struct Stopwatch {
    before: Duration,
    since: Option<Timestamp>,
}

impl Stopwatch {
    fn start(&mut self, now: Timestamp) {
        self.since.get_or_insert(now);
    }

    fn stop(&mut self, now: Timestamp) {
        self.before = self.so_far(now);
        self.since = None;
    }

    fn so_far(&self, now: Timestamp) -> Duration {
        let last = self.since.map(|since| now.duration_since(since));
        self.before + last.map_or(Duration::ZERO, jiff::SignedDuration::unsigned_abs)
    }
}

struct Fold {
    picture: ProgressView,
    counts: Counts,
    planned: PlanCounts,
    problems: BTreeMap<(u8, String, String), ProblemView>,
    recent: VecDeque<(Timestamp, u32)>,
    /// Runs while records are written or read back, and nothing stands still.
    worked: Stopwatch,
    sent_at: Option<Timestamp>,
    /// Whether something happened since the last picture.
    undrawn: bool,
    already_sent: u32,
    /// Why the last write got no answer, until one gets through.
    unanswered: Option<String>,
    asking_again: Vec<Arc<AskingAgain>>,
}

impl Fold {
    fn new(start: Start) -> Self {
        let phases = [
            Phase::Pull,
            Phase::Read,
            Phase::Match,
            Phase::Plan,
            Phase::Review,
            Phase::Write,
            Phase::Verify,
        ];
        // A run begins where its plan ended: with everything up to the review behind it.
        let is_run = matches!(start.work, Work::Run(_));
        let phases = phases
            .into_iter()
            .map(|phase| PhaseView {
                name: convert::phase(phase),
                state: if is_run && phase <= Phase::Review {
                    PhaseState::Done
                } else {
                    PhaseState::Waiting
                },
                done: 0,
                total: None,
                detail: None,
            })
            .collect();
        Self {
            picture: ProgressView {
                work: start.work,
                ended: false,
                phases,
                planned: convert::plan_counts(start.planned),
                counts: convert::counts(start.counts),
                to_write: start.to_write,
                sent: start.counts.sent(),
                rate: None,
                seconds_left: None,
                api_calls: 0,
                api_left: None,
                api_limit: None,
                in_flight: None,
                bulk: None,
                paused: false,
                waiting: None,
                no_answer: None,
                problems: start.problems.clone(),
                error: None,
            },
            counts: start.counts,
            planned: start.planned,
            problems: start
                .problems
                .into_iter()
                .map(|view| {
                    let outcome = convert::outcome_back(view.outcome) as u8;
                    ((outcome, view.code.clone(), view.title.clone()), view)
                })
                .collect(),
            recent: VecDeque::new(),
            worked: Stopwatch::default(),
            sent_at: None,
            undrawn: false,
            already_sent: start.counts.sent(),
            unanswered: None,
            asking_again: start.asking_again,
        }
    }

    fn apply(&mut self, event: Event, now: Timestamp, calls_before: u32) {
        match event {
            Event::PhaseStarted { phase, total } => {
                if matches!(phase, Phase::Write | Phase::Verify) {
                    self.worked.start(now);
                }
                if phase == Phase::Write {
                    // The first batch is measured from here, not from its own end.
                    self.recent.push_back((now, self.reached()));
                }
                let known = match phase {
                    Phase::Write => Some(self.already_sent + self.picture.to_write),
                    Phase::Verify => {
                        let counts = self.counts;
                        Some(counts.created + counts.updated + counts.deleted)
                    }
                    _ => None,
                };
                self.phase(phase, |view| {
                    view.state = PhaseState::Running;
                    view.total = total.map(convert::to_u32).or(known);
                });
            }
            Event::PhaseAdvanced { phase, done } => {
                self.phase(phase, |view| view.done = convert::to_u32(done));
            }
            Event::PhaseFinished {
                phase,
                done,
                detail,
            } => {
                self.worked.stop(now);
                self.phase(phase, |view| {
                    view.state = PhaseState::Done;
                    view.done = convert::to_u32(done);
                    view.detail = detail;
                });
            }
            Event::Planned(action) => {
                self.planned.add(action);
                self.picture.planned = convert::plan_counts(self.planned);
            }
            Event::Settled { outcome, problem } => {
                if self.unanswered.take().is_some() {
                    self.tell_no_answer();
                }
                self.counts.add(outcome);
                self.picture.counts = convert::counts(self.counts);
                self.picture.sent = self.counts.sent();
                if let Some(problem) = problem {
                    self.problem(outcome, &problem);
                }
                self.advance(now);
            }
            Event::InFlight { most, .. } => self.picture.in_flight = Some(most),
            Event::Bulk(bulk) => {
                self.picture.bulk = (bulk.jobs > 0).then(|| BulkView {
                    jobs: bulk.jobs,
                    processed: convert::to_u32(bulk.processed),
                    rows: convert::to_u32(bulk.rows),
                });
                self.advance(now);
            }
            Event::Standstill(standstill) => {
                if standstill.is_some() {
                    self.worked.stop(now);
                } else if self.is_working() {
                    self.worked.start(now);
                }
                self.picture.paused = standstill == Some(Standstill::Paused);
                self.picture.waiting = match standstill {
                    Some(Standstill::NoCalls { why, again_in }) => Some(WaitingView {
                        why,
                        every_seconds: convert::to_u32(again_in),
                    }),
                    Some(Standstill::Paused) | None => None,
                };
                // What was not sent meanwhile says nothing of how fast it goes.
                self.recent.clear();
                self.picture.rate = None;
                self.picture.seconds_left = None;
            }
            Event::AnswerLost { rows, reason } => {
                self.unanswered = Some(format!("The answer to a call was lost: {reason}"));
                self.tell_no_answer();
                let problem = Problem::new("reading_back", reason);
                self.problem_rows(Outcome::Unknown, &problem, rows);
            }
            Event::NoAnswer { reason } => {
                self.unanswered = Some(reason);
                self.tell_no_answer();
            }
            Event::ApiCalls { used, usage } => {
                self.picture.api_calls = used.saturating_sub(calls_before);
                self.picture.api_left = usage.map(|usage| usage.left()).or(self.picture.api_left);
                self.picture.api_limit = usage.map(|usage| usage.limit).or(self.picture.api_limit);
            }
        }
    }

    /// Why nothing gets through at present: a write, or else a read.
    fn tell_no_answer(&mut self) {
        let reads = || self.asking_again.iter().find_map(|it| it.why());
        let told = self.unanswered.clone().or_else(reads);
        if told != self.picture.no_answer {
            self.picture.no_answer = told;
            self.undrawn = true;
        }
    }

    /// Whether a phase that works in the org is under way; links are recorded between two.
    fn is_working(&self) -> bool {
        let working = [convert::phase(Phase::Write), convert::phase(Phase::Verify)];
        self.picture
            .phases
            .iter()
            .any(|view| view.state == PhaseState::Running && working.contains(&view.name))
    }

    fn phase(&mut self, phase: Phase, change: impl FnOnce(&mut PhaseView)) {
        let name = convert::phase(phase);
        if let Some(view) = self
            .picture
            .phases
            .iter_mut()
            .find(|view| view.name == name)
        {
            change(view);
        }
    }

    fn problem(&mut self, outcome: Outcome, problem: &Problem) {
        self.problem_rows(outcome, problem, 1);
    }

    fn problem_rows(&mut self, outcome: Outcome, problem: &Problem, rows: u32) {
        let (title, hint) = match problem.code.as_str() {
            "reading_back" => (
                "An answer was lost on the way".to_owned(),
                "Read back by external ID or record ID before anything is sent again. Nothing is \
                 sent twice."
                    .to_owned(),
            ),
            code => problems::words(outcome, code, &problem.message),
        };
        let mut key = (outcome as u8, problem.code.clone(), title.clone());
        if self.problems.len() >= MOST_CAUSES && !self.problems.contains_key(&key) {
            // Texts with ids in them would make a cause of every row.
            key.2 = String::new();
        }
        let view = self.problems.entry(key).or_insert_with(|| ProblemView {
            outcome: convert::outcome(outcome),
            code: problem.code.clone(),
            title,
            hint,
            message: problem.message.clone(),
            rows: 0,
        });
        view.rows += rows;
        self.picture.problems = self.problems.values().cloned().collect();
        self.picture
            .problems
            .sort_by_key(|view| std::cmp::Reverse(view.rows));
    }

    /// Records sent and answered, and those a Bulk job under way has looked at.
    fn reached(&self) -> u32 {
        self.picture.sent + self.picture.bulk.map_or(0, |bulk| bulk.processed)
    }

    fn advance(&mut self, now: Timestamp) {
        self.measure(now);
        // A job's rows move from “looked at” to “answered” in two steps, between which there are
        // fewer.
        let reached = self.reached();
        self.phase(Phase::Write, |view| view.done = view.done.max(reached));
    }

    fn measure(&mut self, now: Timestamp) {
        let sent = self.reached();
        self.recent.push_back((now, sent));
        while self
            .recent
            .front()
            .is_some_and(|(at, _)| now.duration_since(*at).unsigned_abs() > RATE_WINDOW)
        {
            self.recent.pop_front();
        }
        let Some((first, sent_then)) = self.recent.front() else {
            return;
        };
        let seconds = now.duration_since(*first).as_secs_f64();
        if seconds < 0.2 {
            return;
        }
        let rate = f64::from(sent.saturating_sub(*sent_then)) / seconds;
        self.picture.rate = Some(rate);
        let left = self
            .picture
            .to_write
            .saturating_sub(sent.saturating_sub(self.already_sent));
        self.picture.seconds_left = (rate > 0.0 && left > 0).then(|| f64::from(left) / rate);
    }

    fn end(&mut self, error: Option<ErrorView>) {
        for view in &mut self.picture.phases {
            if view.state == PhaseState::Running {
                view.state = PhaseState::Stopped;
            }
        }
        self.picture.ended = true;
        self.picture.bulk = None;
        self.picture.paused = false;
        self.picture.waiting = None;
        self.picture.no_answer = None;
        self.picture.seconds_left = None;
        self.picture.error = error;
    }
}
