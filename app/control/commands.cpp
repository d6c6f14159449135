#include "app/control/commands.hpp"

#include <algorithm>
#include <utility>

#include "app/control/replies.hpp"
#include "interpreter/words.hpp"

namespace tactus::control {
namespace {

const std::vector<std::string>& names() {
  static const std::vector<std::string> all{"status", "get", "set", "swap",    "pause", "resume",  "trip",
                                            "reset",  "ack", "arm", "inhibit", "stop",  "command", "mode"};
  return all;
}

/// The engine's command of that name, if it is one that clients may give by itself.
std::optional<EngineCommand> engine_command(const std::string& name) {
  using enum EngineCommand;
  for (const EngineCommand command : {pause, resume, trip, reset, acknowledge, arm, inhibit}) {
    if (name == to_string(command)) return command;
  }
  return std::nullopt;
}

/// {"values": {"loop.kp": "2 V"}} as assignments. Numbers are allowed for those parameters that have no unit.
std::vector<std::string> assignments_of(const Json& request) {
  const auto values = request.find("values");
  if (values == request.end() || !values->is_object() || values->empty()) {
    throw Refused(Refusal::request, "\"values\" is an object of parameters and their new values");
  }
  std::vector<std::string> assignments;
  for (const auto& [name, value] : values->items()) {
    if (!value.is_string() && !value.is_number() && !value.is_boolean()) {
      throw Refused(Refusal::request,
                    "the value of \"" + name + "\" is a text, as it would stand in the file");
    }
    assignments.push_back(name + "=" + (value.is_string() ? value.get<std::string>() : value.dump()));
  }
  return assignments;
}

Interlocks interlocks_of(const Json& request) {
  const auto allowed = request.find("allow_interlock_change");
  if (allowed == request.end()) return Interlocks::stay;
  if (!allowed->is_boolean()) throw Refused(Refusal::request, "\"allow_interlock_change\" is true or false");
  return allowed->get<bool>() ? Interlocks::may_change : Interlocks::stay;
}

Json effect_reply(const Effect& effect) {
  return success({{"beat", effect.beat}, {"time_ns", effect.time_ns}, {"program", effect.program}});
}

}  // namespace

std::optional<Json> Commands::take(Server::ClientId client, const Json& request) {
  const std::string name = text_of(request, "command");
  if (name == "status") return success(status_reply(session_));
  if (name == "get") return success(values_reply(session_, text_list(request, "names")));
  if (name == "stop") {
    want_end_.push_back(client);
    session_.stop();
    return std::nullopt;
  }
  if (std::ranges::find(names(), name) == names().end()) {
    throw Refused(Refusal::request, "there is no command `" + name + "`" + hint(name, names()));
  }
  if (name == "mode" && !request.contains("name")) return success({{"modes", modes_reply(session_)}});
  if (name == "command" || name == "mode") text_of(request, "name");
  if (name == "set") assignments_of(request);
  if (name == "set" || name == "swap") interlocks_of(request);
  if (name == "swap") text_of(request, "file");
  waiting_.push_back({client, request});
  return std::nullopt;
}

void Commands::begin(const Json& request) {
  const std::string name = text_of(request, "command");
  if (const auto command = engine_command(name)) return session_.command(*command);
  if (name == "command") return session_.command(EngineCommand::user, text_of(request, "name"));
  if (name == "mode") return session_.command(EngineCommand::mode, text_of(request, "name"));
  const Interlocks interlocks = interlocks_of(request);
  if (name == "set") return session_.set(assignments_of(request), interlocks);
  session_.swap(text_of(request, "file"), interlocks);
}

void Commands::begin_next() {
  while (!under_way_ && !waiting_.empty()) {
    const Asked next = std::move(waiting_.front());
    waiting_.pop_front();
    try {
      begin(next.request);
      under_way_ = next.client;
    } catch (const Refused& refused) {
      answer_(next.client, failure(refused));
    }
  }
}

void Commands::proceed() {
  if (under_way_) {
    try {
      const std::optional<Effect> effect = session_.poll();
      if (!effect) return;
      answer_(*std::exchange(under_way_, std::nullopt), effect_reply(*effect));
    } catch (const Refused& refused) {
      answer_(*std::exchange(under_way_, std::nullopt), failure(refused));
    }
  }
  begin_next();
}

void Commands::end(const Json& summary) {
  proceed();
  const Json ended = failure({Refusal::ended, "the run has ended"});
  if (under_way_) answer_(*std::exchange(under_way_, std::nullopt), ended);
  for (const Asked& asked : std::exchange(waiting_, {})) answer_(asked.client, ended);
  for (const Server::ClientId client : std::exchange(want_end_, {})) answer_(client, success(summary));
}

}  // namespace tactus::control
