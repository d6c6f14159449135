#include "supervisor/crash_report.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

namespace tactus {
namespace {

using nlohmann::json;

SafeResult result(const char* signal, SafeResult::Kind kind, const char* text = "") {
  return {{.signal = signal, .unit = "V", .device = "rig", .channel = 1, .channel_name = "ao0", .value = 1.5},
          kind,
          text};
}

Crash crash() {
  Crash all;
  all.run = "motor";
  all.pid = 42;
  all.death = {Death::Kind::killed, SIGSEGV};
  all.safe_after_ns = 3'500'000;
  all.outputs = {result("drive.a", SafeResult::Kind::safe), result("drive.b", SafeResult::Kind::held)};
  all.recordings = {{.file = "motor.h5", .readable = true}};
  return all;
}

SafePlan plan() {
  return {.program = 1, .steps = {"sensor", "loop"}, .devices = {"rig"}, .chains = {"slow"}};
}

TEST(CrashReport, NamesWhoWasAtWork) {
  Pulse pulse;
  const SafePlan of_program = plan();
  pulse.lane(0).enter(1);
  pulse.lane(1).enter(Pulse::Lane::nothing);
  json report = crash_json(crash(), pulse, &of_program);
  EXPECT_EQ(report["at_work"][0], (json{{"task", "beat"}, {"at", "component loop"}}));
  EXPECT_EQ(report["at_work"][1]["task"], "chain slow");
  pulse.lane(0).enter(Pulse::Lane::device);
  EXPECT_EQ(crash_json(crash(), pulse, &of_program)["at_work"][0]["at"], "device rig");
  pulse.lane(0).enter(Pulse::Lane::engine);
  EXPECT_EQ(crash_json(crash(), pulse, &of_program)["at_work"][0]["at"], "the engine");
  pulse.lane(0).enter(77);
  EXPECT_EQ(crash_json(crash(), pulse, nullptr)["at_work"][0]["at"], "component number 77");
}

TEST(CrashReport, TextSaysWhatJsonSays) {
  Pulse pulse;
  const SafePlan of_program = plan();
  pulse.enter_beat({17, 2'000, 3'000}, 17'000'000);
  const json report = crash_json(crash(), pulse, &of_program);
  EXPECT_EQ(report["beat"], 17);
  EXPECT_EQ(report["reason"]["signal"], SIGSEGV);
  const std::string text = crash_text(report);
  EXPECT_NE(text.find("killed by SIGSEGV (Segmentation fault)"), std::string::npos) << text;
  EXPECT_NE(text.find("3.5 ms after the last beat began"), std::string::npos) << text;
  EXPECT_NE(text.find("drive.a (rig.ao0): safe, 1.5 V"), std::string::npos) << text;
  EXPECT_NE(text.find("drive.b (rig.ao0): left as it is"), std::string::npos) << text;
  EXPECT_NE(text.find("          17         2.0         3.0"), std::string::npos) << text;
  EXPECT_NE(crash_line(report).find("its outputs are safe"), std::string::npos);
}

TEST(CrashReport, SaysWhatIsNotSafe) {
  Crash all = crash();
  all.outputs.push_back(result("drive.c", SafeResult::Kind::failed, "no answer"));
  all.outputs.push_back(result("drive.d", SafeResult::Kind::unguarded));
  const json report = crash_json(all, Pulse(), nullptr);
  EXPECT_NE(crash_line(report).find("2 of its outputs are NOT SAFE"), std::string::npos);
  EXPECT_NE(crash_text(report).find("drive.c (rig.ao0): NOT SAFE: no answer"), std::string::npos);
}

TEST(CrashReport, WhatWasKilledForItsSilenceHasStalled) {
  Crash all = crash();
  all.death.number = SIGKILL;
  all.stalled_ns = 51'000'000;
  all.process_state = 'T';
  EXPECT_EQ(crash_json(all, Pulse(), nullptr)["reason"]["text"],
            "stalled: no beat for 51.0 ms, stopped by a signal; killed by the supervisor");
}

TEST(CrashReport, WhatWasSilentBecauseItWasDyingDidNotStall) {
  Crash all = crash();
  all.stalled_ns = 51'000'000;
  EXPECT_EQ(crash_json(all, Pulse(), nullptr)["reason"]["kind"], "killed");
  all.death = {Death::Kind::exited, 7};
  EXPECT_EQ(crash_json(all, Pulse(), nullptr)["reason"]["kind"], "exited");
}

TEST(CrashReport, OverwritesNothing) {
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / ("crash-" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  const json report = crash_json(crash(), Pulse(), nullptr);
  const std::string base = folder / "motor";
  EXPECT_EQ(write_crash_report(base, report),
            (std::vector<std::string>{base + ".crash.json", base + ".crash.txt"}));
  EXPECT_EQ(write_crash_report(base, report),
            (std::vector<std::string>{base + "-2.crash.json", base + "-2.crash.txt"}));
  std::ifstream file(base + ".crash.json");
  EXPECT_EQ(json::parse(file), report);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace tactus
