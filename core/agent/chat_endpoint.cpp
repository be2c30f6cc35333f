// SPDX-License-Identifier: GPL-3.0-or-later
#include "agent/chat_endpoint.h"

#include "agent/http_exchange.h"
#include "base/json_depth.h"
#include "base/text.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

namespace gradus::agent {

namespace {

constexpr std::string_view kScheme = "http://";

bool isPlain(std::string_view text, std::string_view more)
{
    return std::ranges::all_of(text, [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               more.find(c) != std::string_view::npos;
    });
}

/// choices[0].message.content; the message's own refusal is an answer too, and a judge's is counted as one.
std::optional<std::string> answerIn(const std::string& body)
{
    if (isJsonDeeper(body)) return std::nullopt;
    const auto json = nlohmann::json::parse(body, nullptr, false);
    if (!json.is_object() || !json.contains("choices") || !json["choices"].is_array() || json["choices"].empty())
        return std::nullopt;
    const auto& first = json["choices"][0];
    if (!first.is_object() || !first.contains("message") || !first["message"].is_object()) return std::nullopt;
    for (const char* key : {"content", "refusal"})
        if (const auto text = first["message"].find(key); text != first["message"].end() && text->is_string())
            return text->get<std::string>();
    return std::nullopt;
}

} // namespace

bool isAddress(const std::string& text)
{
    return text.find("://") != std::string::npos;
}

ChatEndpoint::ChatEndpoint(std::string host, std::string port, std::string path, EndpointOptions options)
    : m_host(std::move(host)), m_port(std::move(port)), m_path(std::move(path)), m_options(std::move(options))
{
}

Result<ChatEndpoint> ChatEndpoint::open(const std::string& address, EndpointOptions options)
{
    const std::string shown = "\"" + visible(address, 100) + "\"";
    if (address.starts_with("https://"))
        return badInput(shown + " is an encrypted address, which is not spoken here; give the http:// address of a "
                                "local server or proxy.");
    if (!address.starts_with(kScheme)) return badInput(shown + " is no http:// address.");
    std::string_view rest = std::string_view(address).substr(kScheme.size());
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    std::string path(rest.substr(slash));
    std::string_view place = rest.substr(0, slash);
    std::string port = "80";
    const std::size_t bracket = place.find(']');
    const std::size_t colon = place.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (colon != std::string_view::npos) {
        port = place.substr(colon + 1);
        place = place.substr(0, colon);
    }
    if (place.starts_with('[') && place.ends_with(']')) place = place.substr(1, place.size() - 2);
    while (path.ends_with('/'))
        path.pop_back();
    const bool isWhole = path.ends_with("/chat/completions");
    const auto number = parseNumber(port);
    if (place.empty() || !isPlain(place, ".-:") || port.empty() || !isPlain(port, "") || !number || *number < 1 ||
        *number > 65535 || !isPlain(path, "/._-~%"))
        return badInput(shown + " is no address of a server; write it like http://127.0.0.1:8000/v1.");
    if (!isPlain(options.key, "-._~+/=:"))
        return badInput("The key for " + shown + " holds characters that no bearer token has.");
    if (path.empty()) path = "/v1";
    if (!isWhole) path += "/chat/completions";
    return ChatEndpoint(std::string(place), port, path, std::move(options));
}

std::string ChatEndpoint::name() const
{
    return m_options.model.empty() ? placeOf(m_host, m_port) : m_options.model;
}

Result<std::string> ChatEndpoint::ask(const std::string& prompt)
{
    nlohmann::ordered_json question{{"messages", {{{"role", "user"}, {"content", prompt}}}},
                                    {"temperature", 0},
                                    {"max_tokens", m_options.answerTokens},
                                    {"stream", false}};
    if (!m_options.model.empty()) question["model"] = m_options.model;
    const auto reply = post({.host = m_host,
                             .port = m_port,
                             .path = m_path,
                             .key = m_options.key,
                             .json = question.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
                             .seconds = m_options.seconds,
                             .mostBytes = m_options.mostBytes});
    if (!reply) return reply.error();
    const std::string place = "http://" + placeOf(m_host, m_port);
    if (reply->status != 200)
        return failed(place + " answered with status " + std::to_string(reply->status) + ": " +
                      visible(reply->body, 200));
    auto answer = answerIn(reply->body);
    if (!answer) return failed(place + " answered with something else than a chat completion.");
    return std::move(*answer);
}

} // namespace gradus::agent
