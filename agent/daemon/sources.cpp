#include "agent/daemon/sources.h"

#include "actions/cloud/client.h"
#include "agent/daemon/api_round.h"
#include "agent/daemon/host_files.h"
#include "metadata/client.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace hcloud::agent {

namespace {

// Totals for a round; each request has its connect and read time-outs below them.
constexpr std::chrono::seconds kMetadataDeadline{5};
constexpr std::chrono::seconds kApiDeadline{30};
constexpr std::chrono::seconds kFastInterval{1};
constexpr std::chrono::minutes kFastFor{1};
constexpr int kLongestStretch = 16;

MetadataAnswers ask(metadata::Client& client, const Config& config) {
    MetadataAnswers answers{client.root(), std::nullopt, "GET " + config.metadata.endpoint};
    if (config.network.private_networks == PrivateMode::off) return answers;
    if (const auto* error = answers.root.error()) {
        answers.private_networks = *error;  // not worth another time-out
    } else {
        answers.private_networks = client.private_networks();
    }
    return answers;
}

MetadataAnswers broken(const Config& config, const std::string& why) {
    const auto request = "GET " + config.metadata.endpoint;
    const metadata::Error error{metadata::ErrorKind::broken, request, why};
    return {error, error, request};
}

}  // namespace

Poll::Poll(sd::Event& event, std::function<void()> ask)
    : worker_(event), timer_(event.timer(std::move(ask))) {}

void Poll::soon() {
    asked_again_ = worker_.busy();
    if (!asked_again_) timer_.arm(std::chrono::microseconds(0));
}

void Poll::within(std::chrono::milliseconds limit) {
    if (worker_.busy()) return;  // its end arms the timer
    const auto since =
        std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - finished_);
    timer_.arm(std::max(limit - since, std::chrono::milliseconds(0)));
}

void Poll::finished(bool well, std::chrono::milliseconds next) {
    tried_ = true;
    finished_ = Clock::now();
    if (well) last_success_ = finished_;
    timer_.arm(std::exchange(asked_again_, false) ? std::chrono::milliseconds(0) : next);
}

Sources::Sources(sd::Event& event, Config config, std::function<void()> news)
    : config_(std::move(config)),
      news_(std::move(news)),
      knowledge_(config_.identity.verify, read_dmi_serial()),
      random_(std::random_device{}()),
      metadata_(event, [this] { ask_metadata(); }),
      api_(event, [this] { ask_api(); }) {}

void Sources::start() {
    ask_metadata();
}

void Sources::configure(const Config& config) {
    if (config.identity != config_.identity) {
        knowledge_ = Knowledge(config.identity.verify, read_dmi_serial());
    }
    config_ = config;
    metadata_.soon();
    if (knowledge_.root()) api_.soon();
}

void Sources::nic_appeared() {
    fast_until_ = Clock::now() + kFastFor;
    metadata_.within(kFastInterval);
}

std::chrono::milliseconds Sources::jittered(std::chrono::milliseconds interval) {
    // ±10 %: a fleet that was booted together must not ask together for ever.
    std::uniform_int_distribution<std::int64_t> spread(-interval.count() / 10,
                                                       interval.count() / 10);
    return interval + std::chrono::milliseconds(spread(random_));
}

void Sources::ask_metadata() {
    if (metadata_.worker().busy()) return;
    try {
        metadata::ClientOptions options;
        options.endpoint = config_.metadata.endpoint;
        const auto client = std::make_shared<metadata::Client>(options);
        metadata_.worker().start(
            kMetadataDeadline,
            [this, client, config = config_] {
                auto answers = std::make_shared<MetadataAnswers>(ask(*client, config));
                return [this, answers] { on_metadata(*answers); };
            },
            [this, config = config_](const std::string& why) { on_metadata(broken(config, why)); },
            [client] { client->cancel(); });
    } catch (const std::exception& error) {  // no thread to be had; asked again in time
        on_metadata(broken(config_, error.what()));
    }
}

void Sources::on_metadata(const MetadataAnswers& answers) {
    const bool first = !knowledge_.root();
    knowledge_.learn(answers);
    auto interval = config_.metadata.interval;
    if (Clock::now() < fast_until_ && interval > kFastInterval) interval = kFastInterval;
    metadata_.finished(knowledge_.metadata_problems().empty(), jittered(interval));
    if (first && needs_api()) api_.soon();
    news_();
}

bool Sources::needs_api() const {
    const auto* mode = std::get_if<FloatingIpsMode>(&config_.network.floating_ips);
    return mode != nullptr && *mode == FloatingIpsMode::assigned && knowledge_.root() &&
           knowledge_.identity() != Identity::mismatch && token_problem_.empty();
}

bool Sources::settled() const {
    return metadata_.tried() && (!needs_api() || api_.tried());
}

void Sources::ask_api() {
    if (api_.worker().busy()) return;
    auto source = find_token(config_);
    token_problem_ = source.problem;
    if (!needs_api()) {
        // The token may come later, or metadata may come to its senses: look again in time.
        api_.finished(false, jittered(config_.api.interval));
        return news_();
    }
    const auto failed = [this](const std::string& why) {
        ApiRound round;
        round.answer.problems.push_back(config_.api.endpoint + ": " + why);
        on_api(round);
    };
    try {
        const auto client =
            std::make_shared<cloud::Client>(api_options(config_), std::move(source.token));
        const auto id = knowledge_.root()->instance_id;
        api_.worker().start(
            kApiDeadline,
            [this, client, id, cache = floating_ip_cache_] {
                auto round = std::make_shared<ApiRound>(ask_floating_ips(*client, id, cache));
                return [this, round] { on_api(*round); };
            },
            failed, [client] { client->cancel(); });
    } catch (const std::exception& error) {
        failed(error.what());
    }
}

void Sources::on_api(const ApiRound& round) {
    knowledge_.learn(round.answer);
    for (const auto& floating_ip : round.answer.list) {
        floating_ip_cache_[floating_ip.id] = floating_ip;
    }
    if (round.rate_limit) rate_limit_ = round.rate_limit;
    rate_limited_ = round.rate_limited;
    // The limit is the whole project's: below a fifth it belongs to those who have to change
    // something.
    const bool low = round.rate_limit && round.rate_limit->remaining * 5 < round.rate_limit->limit;
    api_stretch_ = low || rate_limited_ ? std::min(api_stretch_ * 2, kLongestStretch) : 1;
    api_.finished(round.answer.problems.empty(), jittered(config_.api.interval * api_stretch_));
    news_();
}

bool Sources::stop(std::chrono::milliseconds limit) {
    const bool api = api_.worker().stop(limit);
    return metadata_.worker().stop(limit) && api;
}

}  // namespace hcloud::agent
