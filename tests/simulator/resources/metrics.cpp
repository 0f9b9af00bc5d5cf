#include "tests/simulator/resources/metrics.h"

#include "tests/simulator/input_fields.h"
#include "tests/simulator/values.h"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;
using std::chrono::seconds;

constexpr std::int64_t kUsualSamples = 200;
constexpr std::int64_t kMostSamples = 500;
constexpr std::int64_t kLatest = 9'000'000'000;  // in 2255: a Time counts nanoseconds

/// ISO 8601 with an offset, which parse_time() does not take: "2026-11-23T12:00:00.5+01:00".
std::optional<Time> parse_moment(const std::string& text) {
    std::tm parts{};
    const char* rest = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
    if (rest == nullptr) return std::nullopt;
    if (*rest == '.') rest += 1 + std::string_view(rest + 1).find_first_not_of("0123456789");
    std::tm zone{};
    rest = strptime(rest, "%z", &zone);
    if (rest == nullptr || *rest != '\0') return std::nullopt;
    const auto time = timegm(&parts) - zone.tm_gmtoff;
    if (time < 0 || time > kLatest) return std::nullopt;
    return std::chrono::system_clock::from_time_t(time);
}

Time read_moment(const Request& request, InputFields& fields, const std::string& name) {
    const auto text = request.query_value(name);
    if (!text) {
        fields.refuse(name, "Missing data for required field.");
        return {};
    }
    const auto moment = parse_moment(*text);
    if (!moment) fields.refuse(name, "Not a valid datetime.");
    return moment.value_or(Time());
}

std::set<std::string> read_types(const Request& request, InputFields& fields,
                                 const SeriesOfTypes& known) {
    std::set<std::string> types;
    for (const std::string& list : request.query_values("type")) {
        std::istringstream stream(list);
        for (std::string type; std::getline(stream, type, ',');)
            types.insert(type);
    }
    const bool good = std::all_of(types.begin(), types.end(),
                                  [&](const std::string& type) { return known.count(type) != 0; });
    if (types.empty()) fields.refuse("type", "Missing data for required field.");
    if (!good) {
        std::vector<std::string> names;
        for (const auto& [type, series] : known)
            names.push_back(type);
        fields.refuse("type", fmt::format("Must be one of: {}.", fmt::join(names, ", ")));
    }
    return types;
}

std::int64_t read_step(const Request& request, InputFields& fields, seconds span) {
    const std::int64_t least = (span.count() + kMostSamples - 1) / kMostSamples;
    const auto text = request.query_value("step");
    if (!text) return std::max<std::int64_t>(1, (span.count() + kUsualSamples - 1) / kUsualSamples);
    const auto step = parse_id(*text);
    if (!step) fields.refuse("step", "Must be a positive number of seconds.");
    return std::max(step.value_or(1), least);
}

/// A wave an hour long: some clients stumble over a series that is flat.
json sample(std::int64_t at) {
    const double phase = static_cast<double>(at % 3600) / 3600 * 2 * M_PI;
    return {static_cast<double>(at), fmt::format("{:.3f}", 50 + 40 * std::sin(phase))};
}

}  // namespace

Response metrics_response(const World& world, const Request& request, const SeriesOfTypes& known) {
    InputFields fields{json::object()};
    const auto types = read_types(request, fields, known);
    const Time start = read_moment(request, fields, "start");
    const Time end = read_moment(request, fields, "end");
    fields.finish();
    if (end <= start) fields.refuse("end", "Must be after the start.");
    const std::int64_t step =
        read_step(request, fields, std::chrono::duration_cast<seconds>(end - start));
    fields.finish();
    json values = json::array();
    // Counted, because the end may be so late that a step beyond it would be no time any more.
    const auto first = std::chrono::system_clock::to_time_t(start);
    const auto span = std::chrono::ceil<seconds>(end - start).count();
    for (std::int64_t at = 0; at < span; at += step)
        values.push_back(sample(first + at));
    json series = json::object();
    for (const std::string& type : types) {
        for (const std::string& name : known.at(type))
            series[name] = {{"values", values}};
    }
    return json_response(200, {{"metrics",
                                {{"start", world.timestamp(start)},
                                 {"end", world.timestamp(end)},
                                 {"step", step},
                                 {"time_series", series}}}});
}

}  // namespace hcloud::sim
