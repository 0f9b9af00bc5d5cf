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

void Poll::soon(std::chrono::milliseconds delay) {
    asked_again_ = worker_.busy();
    if (!asked_again_) timer_.arm(delay);
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

void Poll::answered(bool well, std::chrono::milliseconds next) {
    ++rounds_;
    failed_rounds_ += well ? 0 : 1;
    finished(well, next);
}

Sources::Sources(sd::Event& event, Config config, std::function<void()> news)
    : config_(std::move(config)),
      news_(std::move(news)),
      knowledge_(config_.identity.verify, read_dmi_serial(), agent_uids()),
      random_(std::random_device{}()),
      pacing_(config_.api.interval, config_.api.reserve, std::random_device{}()),
      metadata_(event, [this] { ask_metadata(); }),
      api_(event, [this] { ask_api(); }) {}

void Sources::start(Start how) {
    start_ = how;
    ask_metadata();
}

void Sources::configure(const Config& config) {
    if (config.identity != config_.identity) {
        knowledge_ = Knowledge(config.identity.verify, read_dmi_serial(), agent_uids());
    }
    config_ = config;
    client_.reset();
    server_.reset();
    pacing_.configure(config.api.interval, config.api.reserve);
    metadata_.soon();
    if (knowledge_.root()) api_.soon(pacing_.spread(Clock::now()));
}

void Sources::expect_nic() {
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
    metadata_.answered(knowledge_.metadata_problems().empty(), jittered(interval));
    if (first && needs_api()) {
        const bool at_once = start_ == Start::at_once;
        api_.soon(at_once ? std::chrono::milliseconds(0) : pacing_.spread(Clock::now()));
    }
    news_();
}

bool Sources::wants_floating_ips() const {
    const auto* mode = std::get_if<FloatingIpsMode>(&config_.network.floating_ips);
    return mode != nullptr && *mode == FloatingIpsMode::assigned;
}

bool Sources::needs_api() const {
    const bool wanted = wants_floating_ips() || registers_;
    return wanted && knowledge_.root() && knowledge_.identity() != Identity::mismatch &&
           token_problem_.empty();
}

bool Sources::settled() const {
    return metadata_.tried() && (!needs_api() || api_.tried());
}

void Sources::ask_api() {
    if (api_.worker().busy()) return;
    auto source = find_token(config_);
    token_problem_ = source.problem;
    if (!token_problem_.empty()) token_problem_ += without_token();
    if (!needs_api()) {
        // The token may come later, or metadata may come to its senses: look again in time.
        api_.finished(false, pacing_.next({}, Clock::now()));
        return news_();
    }
    const auto failed = [this](const std::string& why) {
        ApiRound round;
        round.answer.problems.push_back(config_.api.endpoint + ": " + why);
        on_api(round);
    };
    try {
        const auto client = client_for(source.token);
        const auto id = knowledge_.root()->instance_id;
        const auto priority =
            start_ == Start::at_once ? cloud::Priority::essential : cloud::Priority::background;
        api_.worker().start(
            kApiDeadline,
            [this, client, id, priority, cache = floating_ip_cache_,
             floating_ips = wants_floating_ips()] {
                auto round = std::make_shared<ApiRound>(
                    floating_ips ? ask_floating_ips(*client, id, cache, priority)
                                 : ask_server(*client, id, priority));
                return [this, round] { on_api(*round); };
            },
            failed, [client] { client->cancel(); });
    } catch (const std::exception& error) {
        failed(error.what());
    }
}

std::shared_ptr<cloud::Client> Sources::client_for(const cloud::Token& token) {
    if (!client_ || token.reveal() != token_.reveal()) {
        client_ = std::make_shared<cloud::Client>(api_options(config_), token);
        token_ = token;
    }
    return client_;
}

std::shared_ptr<cloud::Client> Sources::new_client() const {
    return std::make_shared<cloud::Client>(api_options(config_), token_);
}

/// What does not work then.
std::string Sources::without_token() const {
    std::string text;
    if (wants_floating_ips()) {
        text +=
            "; until then assigned floating IPs are unknown, unless network.floating_ips lists "
            "them";
    }
    if (registers_) text += "; until then nothing is registered";
    return text;
}

void Sources::on_api(const ApiRound& round) {
    knowledge_.learn(round.answer);
    server_ = round.server;
    for (const auto& floating_ip : round.answer.list) {
        floating_ip_cache_[floating_ip.id] = floating_ip;
    }
    if (round.rate_limit) rate_limit_ = round.rate_limit;
    rate_limited_ = round.rate_limited;
    if (!round.answer.problems.empty()) client_.reset();  // it may have been cancelled, for good
    api_.answered(round.answer.problems.empty(), pacing_.next(round.rate_limit, Clock::now()));
    news_();
}

bool Sources::stop(std::chrono::milliseconds limit) {
    const bool api = api_.worker().stop(limit);
    return metadata_.worker().stop(limit) && api;
}

}  // namespace hcloud::agent
