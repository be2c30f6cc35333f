// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/chat_endpoint.h"

#include "agent/chat_answer.h"
#include "base/files.h"
#include "base/text.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

namespace gradus::agent {

namespace {

constexpr std::uintmax_t kMostAuthorities = 16 << 20; // bytes of their file

/// A header line is made of it: nothing that could end one.
bool isBearerToken(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("-._~+/=:").find(c) != std::string_view::npos;
    });
}

} // namespace

bool isAddress(const std::string& text)
{
    return text.find("://") != std::string::npos;
}

ChatEndpoint::ChatEndpoint(HttpAddress address, EndpointOptions options)
    : m_address(std::move(address)), m_options(std::move(options))
{
}

Result<ChatEndpoint> ChatEndpoint::open(const std::string& address, EndpointOptions options)
{
    auto read = readAddress(address);
    if (!read) return read.error();
    if (!isBearerToken(options.key))
        return badInput("The key for \"" + visible(address, 100) + "\" holds characters that no bearer token has.");
    if (!options.authorities.empty())
        if (const auto file = readFile(options.authorities, kMostAuthorities); !file)
            return badInput(file.error().message);
    std::string& path = read->path;
    while (path.ends_with('/'))
        path.pop_back();
    if (path.empty()) path = "/v1";
    if (!path.ends_with("/chat/completions")) path += "/chat/completions";
    return ChatEndpoint(std::move(*read), std::move(options));
}

std::string ChatEndpoint::name() const
{
    return m_options.model.empty() ? m_address.place : m_options.model;
}

Result<std::string> ChatEndpoint::ask(const std::string& prompt)
{
    nlohmann::ordered_json question{{"messages", {{{"role", "user"}, {"content", prompt}}}},
                                    {"temperature", 0},
                                    {"max_tokens", m_options.answerTokens},
                                    {"stream", false}};
    if (!m_options.model.empty()) question["model"] = m_options.model;
    const auto reply = post({.address = m_address,
                             .key = m_options.key,
                             .json = question.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
                             .authorities = m_options.authorities,
                             .seconds = m_options.seconds,
                             .mostBytes = m_options.mostBytes});
    if (!reply) return reply.error();
    const std::string place = m_address.scheme + "://" + m_address.place;
    if (reply->status != 200)
        return failed(place + " answered with status " + std::to_string(reply->status) + ": " +
                      visible(reply->body, 200));
    auto answer = chatAnswer(reply->body);
    if (!answer) return failed(place + " answered with something else than a chat completion.");
    return std::move(*answer);
}

} // namespace gradus::agent
