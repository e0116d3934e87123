//! Prometheus metrics.

use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, TextEncoder, histogram_opts, opts,
};
use std::time::Duration;

const BUCKETS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// All metrics of one server.
#[derive(Clone)]
pub struct Metrics {
    registry: Registry,
    requests: HistogramVec,
    check_ins: IntCounterVec,
    wechat_calls: IntCounterVec,
    jobs: IntCounterVec,
    pushes: IntCounterVec,
    pushes_waiting: IntGauge,
}

impl Metrics {
    /// A fresh registry. Fails only when two metrics share a name.
    pub fn new() -> prometheus::Result<Self> {
        let registry = Registry::new();
        let requests: HistogramOpts = histogram_opts!(
            "paifang_http_request_seconds",
            "Time to answer, by method, route pattern and status",
            BUCKETS.to_vec()
        );
        let counter = |opts: Opts, labels: &[&str]| {
            let counter = IntCounterVec::new(opts, labels)?;
            registry.register(Box::new(counter.clone()))?;
            Ok::<_, prometheus::Error>(counter)
        };
        let check_ins =
            counter(opts!("paifang_check_ins_total", "Scans, by verdict and reason"), &["status", "reason"])?;
        let wechat_calls =
            counter(opts!("paifang_wechat_calls_total", "Calls to WeChat, by path and outcome"), &["path", "outcome"])?;
        let jobs = counter(opts!("paifang_jobs_total", "Job runs, by kind and outcome"), &["kind", "outcome"])?;
        let pushes = counter(opts!("paifang_pushes_total", "Pushes of WeChat, by outcome"), &["outcome"])?;
        let pushes_waiting = IntGauge::with_opts(opts!("paifang_pushes_waiting", "Pushes that wait to be processed"))?;
        registry.register(Box::new(pushes_waiting.clone()))?;
        let requests = HistogramVec::new(requests, &["method", "route", "status"])?;
        registry.register(Box::new(requests.clone()))?;
        Ok(Self { registry, requests, check_ins, wechat_calls, jobs, pushes, pushes_waiting })
    }

    /// Counts an answered request.
    pub fn observe_request(&self, method: &str, route: &str, status: u16, elapsed: Duration) {
        let status = status.to_string();
        self.requests.with_label_values(&[method, route, &status]).observe(elapsed.as_secs_f64());
    }

    /// Counts a scan; `reason` is empty where there is none.
    pub fn count_check_in(&self, status: &str, reason: &str) {
        self.check_ins.with_label_values(&[status, reason]).inc();
    }

    /// Counts a call to WeChat; the outcome is `ok`, an errcode, or the kind of failure.
    pub fn count_wechat_call(&self, path: &str, outcome: &str) {
        self.wechat_calls.with_label_values(&[path, outcome]).inc();
    }

    /// Counts a run of a job.
    pub fn count_job(&self, kind: &str, outcome: &str) {
        self.jobs.with_label_values(&[kind, outcome]).inc();
    }

    /// Counts a push: `accepted` or `refused`.
    pub fn count_push(&self, outcome: &str) {
        self.pushes.with_label_values(&[outcome]).inc();
    }

    /// How many pushes wait.
    pub fn set_pushes_waiting(&self, number: i64) {
        self.pushes_waiting.set(number);
    }

    /// The text exposition format.
    pub fn render(&self) -> prometheus::Result<Vec<u8>> {
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(text)
    }
}
