//! The functions a query may call.

/// A function of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    Count,
    CountDistinct,
    Sum,
    Avg,
    Min,
    Max,
    ToLabel,
    Format,
    ConvertCurrency,
    ConvertTimezone,
    CalendarMonth,
    CalendarQuarter,
    CalendarYear,
    DayInMonth,
    DayInWeek,
    DayInYear,
    DayOnly,
    FiscalMonth,
    FiscalQuarter,
    FiscalYear,
    HourInDay,
    WeekInMonth,
    WeekInYear,
}

impl Function {
    /// Every function with its name.
    pub(crate) const ALL: [(Self, &'static str); 23] = [
        (Self::Count, "COUNT"),
        (Self::CountDistinct, "COUNT_DISTINCT"),
        (Self::Sum, "SUM"),
        (Self::Avg, "AVG"),
        (Self::Min, "MIN"),
        (Self::Max, "MAX"),
        (Self::ToLabel, "toLabel"),
        (Self::Format, "FORMAT"),
        (Self::ConvertCurrency, "convertCurrency"),
        (Self::ConvertTimezone, "convertTimezone"),
        (Self::CalendarMonth, "CALENDAR_MONTH"),
        (Self::CalendarQuarter, "CALENDAR_QUARTER"),
        (Self::CalendarYear, "CALENDAR_YEAR"),
        (Self::DayInMonth, "DAY_IN_MONTH"),
        (Self::DayInWeek, "DAY_IN_WEEK"),
        (Self::DayInYear, "DAY_IN_YEAR"),
        (Self::DayOnly, "DAY_ONLY"),
        (Self::FiscalMonth, "FISCAL_MONTH"),
        (Self::FiscalQuarter, "FISCAL_QUARTER"),
        (Self::FiscalYear, "FISCAL_YEAR"),
        (Self::HourInDay, "HOUR_IN_DAY"),
        (Self::WeekInMonth, "WEEK_IN_MONTH"),
        (Self::WeekInYear, "WEEK_IN_YEAR"),
    ];

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| known.eq_ignore_ascii_case(name))
            .map(|(function, _)| *function)
    }

    pub(crate) fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(function, _)| *function == self)
            .map_or("", |(_, name)| name)
    }

    pub(crate) const fn is_aggregate(self) -> bool {
        matches!(
            self,
            Self::Count | Self::CountDistinct | Self::Sum | Self::Avg | Self::Min | Self::Max
        )
    }

    /// Functions that only change how a selected value is shown.
    pub(crate) const fn is_display(self) -> bool {
        matches!(self, Self::ToLabel | Self::Format | Self::ConvertCurrency)
    }

    /// The SQL of a function of a day or moment, stored as ISO text in UTC. The fiscal year is the
    /// calendar year, as the organization's `FiscalYearStartMonth` says.
    pub(crate) fn date_sql(self, column: &str) -> Option<String> {
        let part =
            |from: u8, length: u8| format!("CAST(substr({column}, {from}, {length}) AS INTEGER)");
        let week = |day: String| format!("(({day} + 6) / 7)");
        let day_in_year = format!("CAST(strftime('%j', substr({column}, 1, 10)) AS INTEGER)");
        Some(match self {
            Self::CalendarYear | Self::FiscalYear => part(1, 4),
            Self::CalendarMonth | Self::FiscalMonth => part(6, 2),
            Self::CalendarQuarter | Self::FiscalQuarter => format!("(({} + 2) / 3)", part(6, 2)),
            Self::DayInMonth => part(9, 2),
            Self::DayInWeek => {
                format!("(CAST(strftime('%w', substr({column}, 1, 10)) AS INTEGER) + 1)")
            }
            Self::DayInYear => day_in_year,
            Self::DayOnly => format!("substr({column}, 1, 10)"),
            Self::HourInDay => part(12, 2),
            Self::WeekInMonth => week(part(9, 2)),
            Self::WeekInYear => week(day_in_year),
            _ => return None,
        })
    }

    /// Whether it needs a moment: a plain date has no hour, and is its own day.
    pub(crate) const fn needs_time(self) -> bool {
        matches!(self, Self::DayOnly | Self::HourInDay)
    }
}
