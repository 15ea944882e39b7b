//! The list of commands: one place from which the shell's commands, the devhost's routes and the
//! TypeScript signatures are made.

use crate::context::Context;
use crate::error::Result;
use crate::view::{
    AnswerRowsRequest, AnswerRowsView, AnswerSaveRequest, ApiAnswerView, ApiCallRequest,
    ApiCallView, ApiCallsRequest, ApiCallsView, BillingChoiceView, BillingChoicesRequest,
    BillingCustomerRequest, BillingCustomerView, BillingCustomersRequest, BillingCustomersView,
    BillingHistoryRequest, BillingHistoryView, BillingPlanRequest, BillingPlanView,
    BillingPlansRequest, BillingPlansView, BreakdownRequest, BreakdownSaveRequest, BreakdownView,
    ConnectionRequest, ConnectionView, ConsoleCancelRequest, ConsoleCheckView, ConsoleRequest,
    CustomerRequest, CustomerView, DeployView, EndpointView, ErrorCode, ErrorView, FacetsView,
    FieldChoiceView, FieldsView, HistoryRequest, HistoryRunView, HistoryView, ImportDecideRequest,
    ImportRequest, ImportRowsRequest, ImportRowsView, ImportRunRequest, ImportStartRequest,
    ImportView, KeyReplaceRequest, LoginRequest, LoginView, MappingCheckRequest, MappingFileView,
    MappingProposalsRequest, MappingReadRequest, MappingRequest, MappingSaveRequest,
    MappingTermsView, MappingTryRequest, MappingTryView, MappingVersionRequest, MappingVersionView,
    MappingView, MatchDecideRequest, MatchListRequest, MatchListView, MatchSearchRequest,
    MatchView, MetricsRequest, MetricsSaveRequest, MetricsView, Nothing, OperationBatchView,
    OperationCheckRequest, OperationCheckView, OperationCsvRequest, OperationFormView,
    OperationListRequest, OperationListView, OperationPreviewRequest, OperationRequest,
    OperationRowsRequest, OperationRowsView, OperationRunRequest, OperationStartRequest,
    OrgLoginRequest, OtherMappingView, OutcomesRequest, OutcomesView, PlanDecideRequest,
    PlanExplainRequest, PlanExplainView, PlanLinksRequest, PlanLinksView, PlanRequest,
    PlanRowsRequest, PlanRowsView, PlanStartRequest, PlanTallyView, PlanView, ProblemView,
    PromotionFinishRequest, PromotionRequest, PromotionView, ReadOnlyRequest, RecordView,
    RelinkRequest, RelinkView, ReportRequest, RetryRequest, RuleProposalView, RunLinksRequest,
    RunLinksView, RunListRequest, RunRequest, RunResumeRequest, RunStartRequest, RunView,
    SavedView, SourceConnectRequest, SpeakerPinRequest, SpeakerRequest, SpeakerView,
    SubscriptionsRequest, SubscriptionsView, SyncCreateRequest, SyncRequest, SyncSaveRequest,
    SyncView, TakeoverAllRequest, TakeoverAllView, UndoRequest, ValueExplainRequest,
    ValueExplainView, WorkspaceView, WritebackSetRequest, WritebackView,
};

/// Hands the list of commands to another macro: `name(Request) -> Response`, each a method of
/// [`crate::Context`] of that name.
#[macro_export]
macro_rules! for_each_command {
    ($callback:ident) => {
        $callback! {
            workspace_get(Nothing) -> WorkspaceView,
            demo_start(Nothing) -> WorkspaceView,
            connection_list(Nothing) -> Vec<ConnectionView>,
            connection_check(ConnectionRequest) -> ConnectionView,
            connection_leave(ConnectionRequest) -> Nothing,
            connection_relink(RelinkRequest) -> RelinkView,
            connection_set_read_only(ReadOnlyRequest) -> ConnectionView,
            source_connect(SourceConnectRequest) -> ConnectionView,
            source_pull(ConnectionRequest) -> ConnectionView,
            source_replace_key(KeyReplaceRequest) -> ConnectionView,
            org_login_begin(OrgLoginRequest) -> LoginView,
            org_login_finish(LoginRequest) -> ConnectionView,
            org_login_cancel(LoginRequest) -> Nothing,
            sync_list(Nothing) -> Vec<SyncView>,
            sync_get(SyncRequest) -> SyncView,
            sync_create(SyncCreateRequest) -> SyncView,
            sync_save(SyncSaveRequest) -> SyncView,
            speaker_get(SpeakerRequest) -> SpeakerView,
            speaker_pin(SpeakerPinRequest) -> SpeakerView,
            fields_get(SyncRequest) -> FieldsView,
            fields_validate(SyncRequest) -> DeployView,
            fields_deploy(SyncRequest) -> DeployView,
            mapping_get(MappingRequest) -> MappingView,
            mapping_check(MappingCheckRequest) -> MappingView,
            mapping_save(MappingSaveRequest) -> MappingView,
            mapping_try(MappingTryRequest) -> MappingTryView,
            mapping_terms(SyncRequest) -> MappingTermsView,
            mapping_fields(SyncRequest) -> Vec<FieldChoiceView>,
            mapping_proposals(MappingProposalsRequest) -> Vec<RuleProposalView>,
            mapping_versions(SyncRequest) -> Vec<MappingVersionView>,
            mapping_version(MappingVersionRequest) -> OtherMappingView,
            mapping_read(MappingReadRequest) -> OtherMappingView,
            mapping_export(SyncRequest) -> MappingFileView,
            mapping_export_file(SyncRequest) -> MappingFileView,
            promotion_check(PromotionRequest) -> PromotionView,
            promotion_deploy(PromotionRequest) -> DeployView,
            promotion_finish(PromotionFinishRequest) -> SyncView,
            match_list(MatchListRequest) -> MatchListView,
            match_decide(MatchDecideRequest) -> MatchView,
            match_search(MatchSearchRequest) -> Vec<RecordView>,
            match_take_over_all(TakeoverAllRequest) -> TakeoverAllView,
            plan_start(PlanStartRequest) -> PlanView,
            plan_get(PlanRequest) -> PlanView,
            plan_rows(PlanRowsRequest) -> PlanRowsView,
            plan_explain(PlanExplainRequest) -> PlanExplainView,
            plan_decide(PlanDecideRequest) -> PlanTallyView,
            run_start(RunStartRequest) -> RunView,
            run_resume(RunResumeRequest) -> RunView,
            run_stop(RunRequest) -> RunView,
            run_pause(RunRequest) -> RunView,
            run_continue(RunRequest) -> RunView,
            run_retry(RetryRequest) -> RunView,
            undo_start(UndoRequest) -> PlanView,
            run_get(RunRequest) -> RunView,
            run_list(RunListRequest) -> Vec<RunView>,
            run_problems(RunRequest) -> Vec<ProblemView>,
            run_outcomes(OutcomesRequest) -> OutcomesView,
            run_links(RunLinksRequest) -> RunLinksView,
            plan_links(PlanLinksRequest) -> PlanLinksView,
            writeback_get(SyncRequest) -> WritebackView,
            writeback_set(WritebackSetRequest) -> WritebackView,
            import_start(ImportStartRequest) -> ImportView,
            import_get(ImportRequest) -> ImportView,
            import_latest(SyncRequest) -> Vec<ImportView>,
            import_rows(ImportRowsRequest) -> ImportRowsView,
            import_decide(ImportDecideRequest) -> ImportView,
            import_run(ImportRunRequest) -> ImportView,
            import_stop(ImportRequest) -> ImportView,
            operation_forms(Nothing) -> Vec<OperationFormView>,
            operation_check(OperationCheckRequest) -> OperationCheckView,
            operation_start(OperationStartRequest) -> OperationBatchView,
            operation_preview(OperationPreviewRequest) -> OperationBatchView,
            operation_csv(OperationCsvRequest) -> OperationBatchView,
            operation_run(OperationRunRequest) -> OperationBatchView,
            operation_stop(OperationRequest) -> OperationBatchView,
            operation_get(OperationRequest) -> OperationBatchView,
            operation_list(OperationListRequest) -> OperationListView,
            operation_rows(OperationRowsRequest) -> OperationRowsView,
            operation_report(OperationRequest) -> SavedView,
            billing_history(BillingHistoryRequest) -> BillingHistoryView,
            billing_plans(BillingPlansRequest) -> BillingPlansView,
            billing_plan(BillingPlanRequest) -> BillingPlanView,
            billing_customers(BillingCustomersRequest) -> BillingCustomersView,
            billing_customer(BillingCustomerRequest) -> BillingCustomerView,
            billing_choices(BillingChoicesRequest) -> Vec<BillingChoiceView>,
            subscription_list(SubscriptionsRequest) -> SubscriptionsView,
            subscription_facets(Nothing) -> FacetsView,
            subscription_breakdown(BreakdownRequest) -> BreakdownView,
            breakdown_save(BreakdownSaveRequest) -> SavedView,
            metrics_view(MetricsRequest) -> MetricsView,
            metrics_refresh(MetricsRequest) -> MetricsView,
            metrics_save(MetricsSaveRequest) -> SavedView,
            customer_get(CustomerRequest) -> CustomerView,
            history_list(HistoryRequest) -> HistoryView,
            history_get(RunRequest) -> HistoryRunView,
            report_save(ReportRequest) -> SavedView,
            value_explain(ValueExplainRequest) -> ValueExplainView,
            console_endpoints(Nothing) -> Vec<EndpointView>,
            console_check(ConsoleRequest) -> ConsoleCheckView,
            console_call(ConsoleRequest) -> ApiAnswerView,
            console_cancel(ConsoleCancelRequest) -> Nothing,
            console_rows(AnswerRowsRequest) -> AnswerRowsView,
            console_save(AnswerSaveRequest) -> SavedView,
            console_list(ApiCallsRequest) -> ApiCallsView,
            console_get(ApiCallRequest) -> ApiCallView,
        }
    };
}

macro_rules! signatures {
    ($($name:ident($request:ty) -> $response:ty),* $(,)?) => {
        /// Names of all commands.
        pub const NAMES: &[&str] = &[$(stringify!($name)),*];

        /// TypeScript: what each command takes and gives.
        pub fn typescript() -> String {
            use ts_rs::{Config, TS};
            let config = Config::default();
            let mut text = String::from("export interface Commands {\n");
            $(text.push_str(&format!(
                "  {}: {{ request: {}; response: {} }};\n",
                stringify!($name),
                <$request as TS>::name(&config),
                <$response as TS>::name(&config),
            ));)*
            text.push_str("}\n");
            text
        }

        /// TypeScript: every type the commands speak of.
        pub fn visit_types(visitor: &mut impl ts_rs::TypeVisitor) {
            $(visitor.visit::<$request>(); visitor.visit::<$response>();)*
        }
    };
}

for_each_command!(signatures);

macro_rules! dispatcher {
    ($($name:ident($request:ty) -> $response:ty),* $(,)?) => {
        /// Runs the command of that name with a JSON request, for hosts that know commands by
        /// name only.
        pub async fn dispatch(
            context: &Context,
            name: &str,
            request: serde_json::Value,
        ) -> Result<serde_json::Value> {
            match name {
                $(stringify!($name) => {
                    let request: $request = serde_json::from_value(request)
                        .map_err(|error| ErrorView::bad_request(format!("{name}: {error}")))?;
                    let response: $response = context.$name(request).await?;
                    serde_json::to_value(response).map_err(|error| {
                        ErrorView::new(ErrorCode::Internal, format!("{name}: {error}"))
                    })
                })*
                _ => Err(ErrorView::not_found(format_args!("command {name}"))),
            }
        }
    };
}

for_each_command!(dispatcher);

/// What every command may answer instead.
pub type CommandError = ErrorView;
