"""The named errors of news, numbered; the service's table takes them in."""

from services.registry.news import domain as news
from shared.problems import Fault, Faults

NEWS_ERRORS: Faults = {
    news.NewsUnknown: Fault(404, "没有动态 {news_id}。", "There is no news {news_id}.", "caller"),
    news.NewsOfOthers: Fault(
        403, "动态 {news_id} 由其他机构发布。", "The news {news_id} is told by others.", "caller"
    ),
    news.NewsStateForbids: Fault(
        409,
        "动态 {news_id} 的状态为 {news_status}，不能进行 {step}。",
        "The news {news_id} is {news_status}; {step} is not possible.",
        "nobody",
    ),
    news.ClassNotHeld: Fault(
        409,
        "班级 {class_id} 处于 {class_status}，获批后方可发布动态。",
        "The class {class_id} is {class_status}; news is told of classes that are approved.",
        "reviewer",
        "/class_id",
    ),
}
