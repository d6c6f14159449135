#include "app/control/protocol.hpp"

#include <gtest/gtest.h>

namespace tactus::control {
namespace {

TEST(Protocol, RequestsReadAsTheyWereWritten) {
  Json sent = request("get");
  sent["names"] = {"loop", "tanks.upper"};
  const std::string line = to_line(sent);
  EXPECT_EQ(line.back(), '\n');
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  const Json received = parse_request(line);
  EXPECT_EQ(text_of(received, "command"), "get");
  EXPECT_EQ(text_list(received, "names"), (std::vector<std::string>{"loop", "tanks.upper"}));
  EXPECT_TRUE(text_list(received, "others").empty());
}

TEST(Protocol, WhatIsNoRequestIsRefused) {
  for (const char* line :
       {"", "{", "null", "[]", "{}", R"({"tactus":1})", R"({"tactus":2,"command":"status"})",
        R"({"tactus":"1","command":"status"})", R"({"tactus":1,"command":["status"]})", "\xff"}) {
    EXPECT_THROW(parse_request(line), Refused) << line;
  }
  EXPECT_THROW(text_list(Json{{"names", "loop"}}, "names"), Refused);
  EXPECT_THROW(text_list(Json{{"names", {1}}}, "names"), Refused);
}

TEST(Protocol, RefusalsSayWhyAndWhere) {
  Findings findings;
  findings.error({"a.yaml", 3, 7}, "no");
  const Json reply = failure({Refusal::input, "nothing was changed", findings});
  EXPECT_EQ(reply.at("tactus"), 1);
  EXPECT_EQ(reply.at("ok"), false);
  EXPECT_EQ(reply.at("refusal"), "input");
  EXPECT_EQ(reply.at("findings").at(0).at("line"), 3);
  EXPECT_FALSE(failure({Refusal::state, "paused"}).contains("findings"));
}

TEST(Protocol, BytesThatAreNoTextDoNotStopAReply) {
  EXPECT_NO_THROW(to_line(failure({Refusal::request, "there is no command `\xff`"})));
}

}  // namespace
}  // namespace tactus::control
